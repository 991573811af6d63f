-- Store the reply of the message in hand, put the message away, and free its conversation.
-- KEYS[1] the shard's prefix
-- ARGV: conversation, token, key, reply, seconds to keep it, shard, ready channel, reply channel.
-- Returns 1, or 0 when the lease isn't ours any more; then nothing is written.
local record = KEYS[1] .. 'message:' .. ARGV[3]
if redis.call('HGET', KEYS[1] .. 'holders', ARGV[1]) ~= ARGV[2] then
  -- Said twice by the same holder, because the answer to the first was lost on the way.
  if redis.call('HGET', record, 'by') == ARGV[2] then
    return 1
  end
  return 0
end
local queue = KEYS[1] .. 'queue:' .. ARGV[1]
redis.call('LPOP', queue)
redis.call('HSET', record, 'reply', ARGV[4], 'by', ARGV[2])
redis.call('HDEL', record, 'inbound')
redis.call('EXPIRE', record, ARGV[5])
redis.call('ZREM', KEYS[1] .. 'leases', ARGV[1])
redis.call('HDEL', KEYS[1] .. 'holders', ARGV[1])
if redis.call('EXISTS', queue) == 1 then
  redis.call('RPUSH', KEYS[1] .. 'ready', ARGV[1])
  redis.call('PUBLISH', ARGV[7], ARGV[6])
end
redis.call('PUBLISH', ARGV[8], ARGV[6] .. ' ' .. ARGV[3])
return 1
