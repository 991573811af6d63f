-- A user did something that lets us send: renew that right.
-- KEYS[1] the shard's prefix; ARGV: conversation, right ("message", "event" or "" for an end to both), when
-- in milliseconds or "" for now, key of what was heard or "", count, how long in milliseconds.
-- Returns 1, or 0 when it was heard before, or is older than what was.
local ledger = KEYS[1] .. ARGV[1]
if ARGV[2] == '' then
  redis.call('DEL', ledger)
  return 1
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local at = math.min(tonumber(ARGV[3]) or now, now)
local known = redis.call('HMGET', ledger, 'at', 'key')
if known[1] and (at < tonumber(known[1]) or (ARGV[4] ~= '' and ARGV[4] == known[2])) then
  return 0
end
local ends = at + ARGV[6]
redis.call('HSET', ledger, 'at', at, 'key', ARGV[4], ARGV[2] .. '_left', ARGV[5], ARGV[2] .. '_until', ends)
redis.call('HDEL', ledger, 'spent')
local last = 0
for _, right in ipairs({'message', 'event'}) do
  last = math.max(last, tonumber(redis.call('HGET', ledger, right .. '_until') or 0))
end
redis.call('PEXPIREAT', ledger, last)
return 1
