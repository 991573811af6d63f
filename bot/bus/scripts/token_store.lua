-- Report what came of a fetch. Only the latest claim may: a holder that was too slow changes nothing.
-- KEYS[1] the token's prefix; ARGV: fence, token or "" when the fetch failed, how long it lasts in
-- milliseconds, guard in milliseconds (no other fetch meanwhile), code and message of a claim refused by it.
-- Returns the token's version, or 0 when another claim was made since.
local key = KEYS[1] .. 'state'
if redis.call('HGET', key, 'fence') ~= ARGV[1] then
  return 0
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', key, 'lock', 0, 'guard', now + ARGV[4], 'code', ARGV[5], 'message', ARGV[6])
if ARGV[2] == '' then
  return tonumber(redis.call('HGET', key, 'version') or 0)
end
redis.call('HSET', key, 'value', ARGV[2], 'until', now + ARGV[3])
return redis.call('HINCRBY', key, 'version', 1)
