-- Lease the first items of a conversation, to go out with the answer to a message of the user's.
-- ARGV[3..]: conversation, key of the user's message, how many at most, lease in milliseconds, seconds for
-- which a redelivery of that message gets the same items, why what the bot said stays behind, and seconds to
-- keep its record.
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
if holder then
  return {}
end
-- What the bot said before somebody else took the conversation stays behind (see bot/bus/passage.py).
local now = redis.call('HMGET', 'owner:' .. string.match(P, '{%d+}') .. ':' .. conversation, 'owner', 'epoch')
for _, id in ipairs(redis.call('LRANGE', queue_of(conversation), 0, -1)) do
  local epoch = cjson.decode(redis.call('HGET', record_of(id), 'item')).reply.epoch
  local any = epoch == nil or epoch == cjson.null
  if not any and (now[1] == 'agent' or tonumber(now[2] or '0') ~= epoch) then
    redis.call('LREM', queue_of(conversation), 1, id)
    change(conversation, id, 'failed', ARGV[8])
    redis.call('EXPIRE', record_of(id), ARGV[9])
  end
end
if redis.call('EXISTS', queue_of(conversation)) == 0 then
  redis.call('ZREM', P .. 'held', conversation)
  redis.call('ZREM', P .. 'delayed', conversation)
  redis.call('LREM', P .. 'ready:' .. lane_of(conversation), 0, conversation)
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
