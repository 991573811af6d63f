-- Move the cursor on, if nobody else has.
-- KEYS[1] the account's key; ARGV: the cursor that was read from or "", the new one. Returns 1, or 0.
if (redis.call('HGET', KEYS[1], 'cursor') or '') ~= ARGV[1] then
  return 0
end
redis.call('HSET', KEYS[1], 'cursor', ARGV[2])
return 1
