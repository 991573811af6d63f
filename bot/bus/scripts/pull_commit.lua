-- Move the cursor on, if nobody else has.
-- KEYS[1] the account's key; ARGV: the cursor that was read from or "", the new one, then pairs of a user and
-- who of the platform's agents has their session, "" for nobody. Returns 1, or 0.
if (redis.call('HGET', KEYS[1], 'cursor') or '') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'cursor', ARGV[2])
for i = 3, #ARGV, 2 do
  if ARGV[i + 1] == '' then
    redis.call('HDEL', KEYS[1] .. ':away', ARGV[i])
  else
    redis.call('HSET', KEYS[1] .. ':away', ARGV[i], ARGV[i + 1])
  end
end
return 1
