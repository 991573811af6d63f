-- A new attempt, made on purpose, of an item that failed or of which nobody knows; behind what waits.
-- ARGV[3..]: id. Returns 1, or 0 when the item isn't in one of these states.
local id = ARGV[3]
local known = redis.call('HMGET', record_of(id), 'state', 'conversation')
if known[1] ~= 'failed' and known[1] ~= 'unknown' then
  return 0
end
redis.call('PERSIST', record_of(id))
-- Whoever held the earlier attempt has no say in this one.
redis.call('HDEL', record_of(id), 'by', 'tries')
change(known[2], id, 'queued', '')
if redis.call('RPUSH', queue_of(known[2]), id) == 1 then
  make_ready(known[2], 'RPUSH')
end
return 1
