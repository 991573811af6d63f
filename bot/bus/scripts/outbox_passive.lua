-- Lease the first items of a conversation, to go out with the answer to a message of the user's.
-- ARGV[3..]: conversation, key of the user's message, how many at most, lease in milliseconds, seconds for
-- which a redelivery of that message gets the same items.
-- Returns the items; none when a sender has the conversation in hand.
local conversation, token = ARGV[3], 'passive:' .. ARGV[4]
local batch = P .. token
local holder = redis.call('HGET', P .. 'holders', conversation)
if redis.call('EXISTS', batch) == 1 then
  if holder == token then
    hold(conversation, token, ARGV[6])
  end
  return redis.call('LRANGE', batch, 0, -1)
end
if holder or redis.call('EXISTS', queue_of(conversation)) == 0 then
  return {}
end
redis.call('ZREM', P .. 'held', conversation)
redis.call('ZREM', P .. 'delayed', conversation)
redis.call('LREM', P .. 'ready:' .. lane_of(conversation), 0, conversation)
hold(conversation, token, ARGV[6])
local items = {}
for _, id in ipairs(redis.call('LRANGE', queue_of(conversation), 0, ARGV[5] - 1)) do
  local record = record_of(id)
  redis.call('HSET', record, 'wire', 1, 'by', token)
  change(conversation, id, 'sending', '')
  items[#items + 1] = redis.call('HGET', record, 'item')
  redis.call('RPUSH', batch .. ':ids', id)
  redis.call('RPUSH', batch, items[#items])
end
redis.call('EXPIRE', batch, ARGV[7])
redis.call('EXPIRE', batch .. ':ids', ARGV[7])
return items
