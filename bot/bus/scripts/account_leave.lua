-- Stop being the sender of an account, so that another needn't wait.
-- KEYS[1] the account's prefix; ARGV: token.
local key = KEYS[1] .. 'holder'
if redis.call('GET', key) == ARGV[1] then
  redis.call('DEL', key)
end
return 1
