-- Promise a reply for later: it goes to the outbox, now or when the turn is done (see done.lua).
-- ARGV[3..]: conversation, key of the message, "1" to promise it even if it is there by now,
-- the message's ticket or "".
-- Returns the reply when it is there (nothing is promised then), "" when it is promised, and nothing for a
-- message that was never put.
local record = 'mailbox:{' .. string.match(P, '{(%d+)}') .. '}:message:' .. ARGV[4]
local known = redis.call('HMGET', record, 'deliveries', 'reply', 'owed')
if not known[1] then
  return false
end
if ARGV[6] ~= '' then
  redis.call('HSET', record, 'ticket', ARGV[6])
end
if known[2] and not known[3] then
  if ARGV[5] ~= '1' then
    return known[2]
  end
  queue_late(ARGV[3], ARGV[4], known[2])
end
redis.call('HSET', record, 'owed', 1)
return ''
