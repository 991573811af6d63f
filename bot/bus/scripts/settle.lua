-- Take back the promise of a reply, if it still stands.
-- KEYS[1] the conversation's prefix; ARGV: key of the message whose reply was promised.
-- Returns 1 when it was taken back, 0 when it was kept or given already.
if redis.call('GET', KEYS[1] .. 'owed') ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[1] .. 'owed')
return 1
