-- Put an item at the end of its conversation's queue, unless its id is known.
-- ARGV[3..]: conversation, id, item, an event of the caller's to tell with it or "".
-- Returns 1 when it was put, 0 when the id is known.
local conversation, id = ARGV[3], ARGV[4]
if redis.call('EXISTS', record_of(id)) == 1 then
  return 0
end
redis.call('HSET', record_of(id), 'item', ARGV[5], 'conversation', conversation)
if ARGV[6] ~= '' then
  tell(ARGV[6])
end
change(conversation, id, 'queued', '')
-- The head stays in the queue until it is put away, so only a first item makes a conversation ready.
if redis.call('RPUSH', queue_of(conversation), id) == 1 then
  make_ready(conversation, 'RPUSH')
end
return 1
