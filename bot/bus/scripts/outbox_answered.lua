-- The answer that carried items is on its way: put them away.
-- ARGV[3..]: conversation, key of the user's message, how many of the items it carried, seconds to keep.
-- Returns how many items are now known as sent by it.
local conversation, token, count = ARGV[3], 'passive:' .. ARGV[4], tonumber(ARGV[5])
local batch = P .. token
-- From 0 to -1 would be all of them.
local ids = count > 0 and redis.call('LRANGE', batch .. ':ids', 0, count - 1) or {}
if redis.call('HGET', P .. 'holders', conversation) ~= token then
  -- Too late, or said twice. What was given up as unknown is known now.
  for _, id in ipairs(ids) do
    local known = redis.call('HMGET', record_of(id), 'by', 'state')
    if known[1] == token and known[2] == 'unknown' then
      change(conversation, id, 'sent', '')
    end
  end
  return #ids
end
local others = redis.call('LRANGE', batch .. ':ids', count, -1)
for _, id in ipairs(ids) do
  put_away(conversation, id, 'sent', '', ARGV[6])
end
for _, id in ipairs(others) do
  redis.call('HDEL', record_of(id), 'wire')
  change(conversation, id, 'queued', '')
end
-- A redelivery of the message gets the same answer as before.
if count > 0 then
  redis.call('LTRIM', batch, 0, count - 1)
  redis.call('LTRIM', batch .. ':ids', 0, count - 1)
else
  redis.call('DEL', batch, batch .. ':ids')
end
let_go(conversation)
go_on(conversation)
return #ids
