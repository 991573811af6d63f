-- Write a turn whole: the new state, its events and what the desk is told.
-- KEYS[1] the dialogue prefix of the shard; ARGV: conversation, token of the lease under which the turn was
-- taken or "" for none, snapshot, seconds to keep, stream of events, about how many it keeps, how many events
-- of the dialogue follow, these events, then what the desk is told.
-- Returns 1, or 0 when the lease isn't ours any more; then nothing is written.
local conversation, token = ARGV[1], ARGV[2]
local snapshot, log = KEYS[1] .. 'snapshot:' .. conversation, KEYS[1] .. 'log:' .. conversation
-- Said twice, because the answer to the first was lost on the way. A snapshot holds times: none is like another.
if redis.call('GET', snapshot) == ARGV[3] then
  return 1
end
if token ~= '' then
  local holders = 'mailbox:{' .. string.match(KEYS[1], '{(%d+)}') .. '}:holders'
  if redis.call('HGET', holders, conversation) ~= token then
    return 0
  end
end
redis.call('SET', snapshot, ARGV[3], 'EX', ARGV[4])
local first_told = 8 + ARGV[7]
for place = 8, first_told - 1 do
  redis.call('RPUSH', log, ARGV[place])
end
if first_told > 8 then
  redis.call('EXPIRE', log, ARGV[4])
end
for place = first_told, #ARGV do
  redis.call('XADD', ARGV[5], 'MAXLEN', '~', ARGV[6], '*', 'e', ARGV[place])
end
return 1
