-- A signal came: count it, keep its token, and tell.
-- KEYS[1] the account's key; ARGV: token or "", channel to tell, what to say.
local time = redis.call('TIME')
redis.call('HINCRBY', KEYS[1], 'calls', 1)
if ARGV[1] ~= '' then
  redis.call('HSET', KEYS[1], 'token', ARGV[1], 'token_at', time[1] * 1000 + math.floor(time[2] / 1000))
end
redis.call('PUBLISH', ARGV[2], ARGV[3])
return 1
