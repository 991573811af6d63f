-- Get the access token, or the right to fetch it: one fetch at a time in all processes.
-- KEYS[1] the token's prefix; ARGV: version of the token known to be bad or 0, margin in milliseconds,
-- lock in milliseconds, longest guard in milliseconds.
-- Returns {"token", value, version}, {"fetch", "", fence}, {"wait", "", 0} while another fetches, or
-- {"refused", message, code} for a while after a fetch that failed or didn't help.
local key = KEYS[1] .. 'state'
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HMGET', key, 'value', 'version', 'until', 'guard', 'code', 'message', 'lock')
local version = tonumber(known[2] or 0)
if known[1] and version > tonumber(ARGV[1]) and known[3] - now > tonumber(ARGV[2]) then
  return {'token', known[1], version}
end
-- A time further ahead than it ever may be is a clock that was set back.
local function pending(ends, longest)
  local left = tonumber(ends or 0) - now
  return left > 0 and left <= tonumber(longest)
end
if pending(known[4], ARGV[4]) then
  return {'refused', known[6], tonumber(known[5])}
end
if pending(known[7], ARGV[3]) then
  return {'wait', '', 0}
end
redis.call('HINCRBY', key, 'fetches', 1)
redis.call('HSET', key, 'lock', now + ARGV[3])
return {'fetch', '', redis.call('HINCRBY', key, 'fence', 1)}
