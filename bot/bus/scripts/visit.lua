-- What is kept for an applicant who now sends a message; the same answer for its redeliveries.
-- KEYS[1] the conversation's prefix; ARGV: key of the message, '1' if it asks for more, seconds to keep.
-- Returns {the next text or false, the key of the message whose reply is owed or false}.
local given = KEYS[1] .. 'given:' .. ARGV[1]
if redis.call('EXISTS', given) == 1 then
  return redis.call('HMGET', given, 'text', 'owed')
end
local text, owed = false, false
if ARGV[2] == '1' then
  text = redis.call('LPOP', KEYS[1] .. 'rest')
else
  redis.call('DEL', KEYS[1] .. 'rest')
end
if not text then
  owed = redis.call('GET', KEYS[1] .. 'owed')
  if owed == ARGV[1] then
    owed = false
  end
end
if text then
  redis.call('HSET', given, 'text', text)
  redis.call('EXPIRE', given, ARGV[3])
elseif owed then
  redis.call('DEL', KEYS[1] .. 'owed')
  redis.call('HSET', given, 'owed', owed)
  redis.call('EXPIRE', given, ARGV[3])
end
return {text, owed}
