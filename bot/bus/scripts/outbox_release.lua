-- The user wrote: what is held may go again.
-- ARGV[3..]: conversation. Returns 1 when something was held, else 0.
local conversation = ARGV[3]
if redis.call('ZREM', P .. 'held', conversation) == 1 then
  local id = redis.call('LINDEX', queue_of(conversation), 0)
  redis.call('HDEL', record_of(id), 'tries')
  change(conversation, id, 'queued', '')
  make_ready(conversation, 'RPUSH')
  return 1
end
-- In hand: should it come back to be held, it was for what was so before.
if redis.call('HEXISTS', P .. 'holders', conversation) == 1 then
  redis.call('SADD', P .. 'wrote', conversation)
end
return 0
