-- Write a turn whole: the new state, its events, what the desk is told, and who owns the conversation now.
-- KEYS[1] the dialogue prefix of the shard; ARGV: conversation, token of the lease under which the turn was
-- taken or "" for none, snapshot, seconds to keep, stream of events, about how many it keeps, the owner that
-- the turn saw (owner or "" for any, epoch, agent), the owner that it makes (owner or "" for no change, epoch,
-- agent), how many events of the dialogue follow, these events, then what the desk is told.
-- Returns 1, 0 when the lease isn't ours any more, or 2 when the owner has changed; then nothing is written.
local conversation, token = ARGV[1], ARGV[2]
local snapshot, log = KEYS[1] .. 'snapshot:' .. conversation, KEYS[1] .. 'log:' .. conversation
local shard = string.match(KEYS[1], '{(%d+)}')
-- Said twice, because the answer to the first was lost on the way. A snapshot holds times: none is like another.
if redis.call('GET', snapshot) == ARGV[3] then
  return 1
end
if token ~= '' then
  local holders = 'mailbox:{' .. shard .. '}:holders'
  if redis.call('HGET', holders, conversation) ~= token then
    return 0
  end
end
local owner = 'owner:{' .. shard .. '}:' .. conversation
if ARGV[7] ~= '' then
  local now = redis.call('HMGET', owner, 'owner', 'epoch', 'agent')
  local same = (now[1] or 'bot') == ARGV[7] and (now[2] or '0') == ARGV[8] and (now[3] or '') == ARGV[9]
  if not same then
    return 2
  end
end
redis.call('SET', snapshot, ARGV[3], 'EX', ARGV[4])
if ARGV[10] ~= '' then
  redis.call('HSET', owner, 'owner', ARGV[10], 'epoch', ARGV[11], 'agent', ARGV[12])
  redis.call('HDEL', owner, 'token')
end
local first_told = 14 + ARGV[13]
for place = 14, first_told - 1 do
  redis.call('RPUSH', log, ARGV[place])
end
if first_told > 14 then
  redis.call('EXPIRE', log, ARGV[4])
end
for place = first_told, #ARGV do
  redis.call('XADD', ARGV[5], 'MAXLEN', '~', ARGV[6], '*', 'e', ARGV[place])
end
return 1
