-- Take room for one message to a user, if all windows have some.
-- KEYS[1] the user's key; ARGV: name of the message, then pairs: how many, in how many milliseconds.
-- Returns 0 when it was taken, else in how many milliseconds there is room.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local longest, wait = 0, 0
for i = 2, #ARGV, 2 do
  local most, span = tonumber(ARGV[i]), tonumber(ARGV[i + 1])
  longest = math.max(longest, span)
  -- The one that has to leave the window first; a clock set back makes nobody wait longer than a window.
  local latest = redis.call('ZREVRANGE', KEYS[1], most - 1, most - 1, 'WITHSCORES')
  if latest[2] and latest[2] + span > now then
    wait = math.max(wait, math.min(latest[2] + span - now, span))
  end
end
if wait > 0 then
  return math.ceil(wait)
end
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - longest)
redis.call('PEXPIRE', KEYS[1], longest)
return 0
