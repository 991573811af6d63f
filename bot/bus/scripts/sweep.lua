-- Make conversations whose lease has run out ready again, ahead of the others.
-- KEYS[1] the shard's prefix; ARGV: lease in milliseconds.
-- Returns {how many conversations are ready, milliseconds until the next lease runs out or -1}.
local leases = KEYS[1] .. 'leases'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, conversation in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now, 'LIMIT', 0, 100)) do
  redis.call('ZREM', leases, conversation)
  redis.call('HDEL', KEYS[1] .. 'holders', conversation)
  redis.call('LPUSH', KEYS[1] .. 'ready', conversation)
end
-- No lease is longer than the full length: a clock set back mustn't hold a conversation.
local longest = now + ARGV[1]
for _, conversation in ipairs(redis.call('ZRANGEBYSCORE', leases, '(' .. longest, '+inf', 'LIMIT', 0, 100)) do
  redis.call('ZADD', leases, longest, conversation)
end
local first = redis.call('ZRANGE', leases, 0, 0, 'WITHSCORES')
return {redis.call('LLEN', KEYS[1] .. 'ready'), first[2] and math.max(first[2] - now, 0) or -1}
