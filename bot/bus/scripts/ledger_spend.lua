-- Change how many messages may still be sent to a user.
-- KEYS[1] the shard's prefix; ARGV: conversation, "spend" (one), "refund" (the last one spent), "drain" (all)
-- or "left" (no change).
-- Returns {1 or 0: whether something changed, how many are left, until when in milliseconds or 0}.
local ledger = KEYS[1] .. ARGV[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local changed, total, ends = 0, 0, 0
local spent = redis.call('HGET', ledger, 'spent')
-- The shorter-lived right is used first.
for _, right in ipairs({'event', 'message'}) do
  local known = redis.call('HMGET', ledger, right .. '_left', right .. '_until')
  local left, till = tonumber(known[1] or 0), tonumber(known[2] or 0)
  if till > now then
    local before = left
    if ARGV[2] == 'spend' and changed == 0 and left > 0 then
      left = left - 1
      redis.call('HSET', ledger, 'spent', right)
    elseif ARGV[2] == 'refund' and spent == right then
      left = left + 1
      redis.call('HDEL', ledger, 'spent')
    elseif ARGV[2] == 'drain' then
      left = 0
    end
    if left ~= before then
      changed = 1
      redis.call('HSET', ledger, right .. '_left', left)
    end
    total = total + left
    ends = math.max(ends, till)
  end
end
return {changed, total, ends}
