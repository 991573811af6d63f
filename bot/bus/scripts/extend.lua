-- Hold a lease for longer.
-- KEYS[1] the shard's prefix; ARGV: conversation, token, lease in milliseconds.
-- Returns 1, or 0 when the lease isn't ours any more.
if redis.call('HGET', KEYS[1] .. 'holders', ARGV[1]) ~= ARGV[2] then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1] .. 'leases', now + ARGV[3], ARGV[1])
return 1
