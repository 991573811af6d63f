-- The next text kept for an applicant who asks for more; the same for the redeliveries of that message.
-- A message that doesn't ask drops what is kept.
-- KEYS[1] the conversation's prefix; ARGV: key of the message, '1' if it asks for more, seconds to keep.
-- Returns the next text, or nothing.
local given = KEYS[1] .. 'given:' .. ARGV[1]
local again = redis.call('GET', given)
if again then
  return again
end
if ARGV[2] ~= '1' then
  redis.call('DEL', KEYS[1] .. 'rest')
  return false
end
local text = redis.call('LPOP', KEYS[1] .. 'rest')
if text then
  redis.call('SET', given, text, 'EX', ARGV[3])
end
return text
