-- Be the one sender of an account for a while, or go on being it.
-- KEYS[1] the account's prefix; ARGV: token, milliseconds.
-- Returns 1, or 0 when another sender has it.
local key = KEYS[1] .. 'holder'
local holder = redis.call('GET', key)
if holder and holder ~= ARGV[1] then
  return 0
end
redis.call('SET', key, ARGV[1], 'PX', ARGV[2])
return 1
