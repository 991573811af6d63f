-- Lease the head of the conversation that has been ready for longest.
-- KEYS[1] the shard's prefix; ARGV: token, lease in milliseconds.
-- Returns {conversation, key, inbound, attempt}, or nothing when no conversation is ready.
local conversation = redis.call('LPOP', KEYS[1] .. 'ready')
if not conversation then
  return false
end
local key = redis.call('LINDEX', KEYS[1] .. 'queue:' .. conversation, 0)
local record = KEYS[1] .. 'message:' .. key
local attempt = redis.call('HINCRBY', record, 'attempt', 1)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1] .. 'leases', now + ARGV[2], conversation)
redis.call('HSET', KEYS[1] .. 'holders', conversation, ARGV[1])
return {conversation, key, redis.call('HGET', record, 'inbound'), attempt}
