-- Put a message in its conversation's queue, unless its key is known.
-- KEYS[1] the shard's prefix; ARGV: key, conversation, inbound, shard, ready channel.
-- Returns 1 when it was put, 0 when the key is known.
local record = KEYS[1] .. 'message:' .. ARGV[1]
if redis.call('HINCRBY', record, 'deliveries', 1) > 1 then
  return 0
end
redis.call('HSET', record, 'inbound', ARGV[3])
local time = redis.call('TIME')
redis.call('ZADD', KEYS[1] .. 'waiting', time[1] * 1000 + math.floor(time[2] / 1000), ARGV[1])
-- The head stays in the queue while it is worked on: so only a first message makes a
-- conversation ready, and one in hand is never made ready a second time.
if redis.call('RPUSH', KEYS[1] .. 'queue:' .. ARGV[2], ARGV[1]) == 1 then
  redis.call('RPUSH', KEYS[1] .. 'ready', ARGV[2])
  redis.call('PUBLISH', ARGV[5], ARGV[4])
end
return 1
