-- Lease the head of the conversation that has been ready for longest.
-- ARGV[3..]: lane, token, lease in milliseconds.
-- Returns {id, item, rest or "", how many times it was taken}, or nothing when none is ready.
local conversation = redis.call('LPOP', P .. 'ready:' .. ARGV[3])
if not conversation then
  return false
end
local id = redis.call('LINDEX', queue_of(conversation), 0)
local record = record_of(id)
redis.call('SREM', P .. 'wrote', conversation)
redis.call('HSET', record, 'by', ARGV[4])
hold(conversation, ARGV[4], ARGV[5])
local known = redis.call('HMGET', record, 'item', 'rest')
return {id, known[1], known[2] or '', redis.call('HINCRBY', record, 'tries', 1)}
