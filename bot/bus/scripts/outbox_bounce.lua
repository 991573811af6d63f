-- The platform tells that a message it had taken didn't arrive: its item failed after all.
-- ARGV[3..]: conversation, receipt of the message, reason. Returns the item's id, or "" when it isn't known.
local id = redis.call('GET', P .. 'receipt:' .. ARGV[4])
if not id then
  return ''
end
redis.call('DEL', P .. 'receipt:' .. ARGV[4])
local record = record_of(id)
if redis.call('HGET', record, 'state') == 'sent' then
  change(ARGV[3], id, 'failed', ARGV[5])
  -- Its texts are gone, so it can't be tried again: whoever wants to says it anew.
  redis.call('DEL', record)
end
return id
