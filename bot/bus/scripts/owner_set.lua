-- Change who owns a conversation, if nobody changed it since: compare the epoch, then set.
-- KEYS[1] the owner prefix of the shard
-- ARGV: conversation, expected epoch, owner, agent, token of this change, stream key, event or "",
-- about how many entries the stream keeps.
-- Returns {1 or 0, owner, epoch, agent}: 0 when it was lost, and then who has it.
local key = KEYS[1] .. ARGV[1]
local now = redis.call('HMGET', key, 'owner', 'epoch', 'agent', 'token')
local epoch = tonumber(now[2] or '0')
-- Said twice by the same caller, because the answer to the first was lost on the way.
if now[4] == ARGV[5] then
  return {1, now[1], epoch, now[3]}
end
if epoch ~= tonumber(ARGV[2]) then
  return {0, now[1] or 'bot', epoch, now[3] or ''}
end
redis.call('HSET', key, 'owner', ARGV[3], 'epoch', epoch + 1, 'agent', ARGV[4], 'token', ARGV[5])
if ARGV[7] ~= '' then
  redis.call('XADD', ARGV[6], 'MAXLEN', '~', ARGV[8], '*', 'e', ARGV[7])
end
return {1, ARGV[3], epoch + 1, ARGV[4]}
