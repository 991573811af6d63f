-- Hold a lease for longer, and say what is about to go out.
-- ARGV[3..]: conversation, token, lease in milliseconds, then the messages still to be sent, or "" when
-- nothing new goes out. From then on the item is unknown when its holder is lost.
-- Returns 1, or 0 when the lease isn't ours any more.
local conversation = ARGV[3]
if redis.call('HGET', P .. 'holders', conversation) ~= ARGV[4] then
  return 0
end
hold(conversation, ARGV[4], ARGV[5])
if ARGV[6] ~= '' then
  local id = redis.call('LINDEX', queue_of(conversation), 0)
  redis.call('HSET', record_of(id), 'wire', 1, 'rest', ARGV[6])
  change(conversation, id, 'sending', '')
end
return 1
