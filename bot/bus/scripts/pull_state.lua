-- How far an account was read.
-- KEYS[1] the account's key; ARGV: how long a token is good, in milliseconds.
-- Returns {signals so far, cursor or "", token or ""}.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HMGET', KEYS[1], 'calls', 'cursor', 'token', 'token_at')
local age = now - tonumber(known[4] or 0)
local good = known[3] and age >= 0 and age < tonumber(ARGV[1])
return {known[1] or '0', known[2] or '', good and known[3] or ''}
