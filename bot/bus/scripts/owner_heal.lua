-- Put what SQL says in place of something older. At the same epoch SQL wins: it is the truth.
-- KEYS[1] the owner prefix of the shard; ARGV: conversation, owner, epoch, agent.
-- Returns {1 or 0, owner, epoch, agent}: what stands there now, and whether it is what was given.
local key = KEYS[1] .. ARGV[1]
local now = redis.call('HMGET', key, 'owner', 'epoch', 'agent')
local epoch = tonumber(now[2] or '0')
if epoch > tonumber(ARGV[3]) then
  return {0, now[1], epoch, now[3]}
end
redis.call('HSET', key, 'owner', ARGV[2], 'epoch', ARGV[3], 'agent', ARGV[4])
redis.call('HDEL', key, 'token')
return {1, ARGV[2], tonumber(ARGV[3]), ARGV[4]}
