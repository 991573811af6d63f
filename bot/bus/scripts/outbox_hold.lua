-- Hold a lease for longer, and say what is about to go out.
-- ARGV[3..]: conversation, token, lease in milliseconds, then the messages still to be sent, or "" when
-- nothing new goes out; the receipt of the first of them, or ""; seconds to keep the receipt.
-- From then on the item is unknown when its holder is lost, but for one with a receipt: that is safe to repeat.
-- Returns 1, or 0 when the lease isn't ours any more.
local conversation = ARGV[3]
if redis.call('HGET', P .. 'holders', conversation) ~= ARGV[4] then
  return 0
end
hold(conversation, ARGV[4], ARGV[5])
if ARGV[6] ~= '' then
  local id = redis.call('LINDEX', queue_of(conversation), 0)
  local record = record_of(id)
  redis.call('HSET', record, 'rest', ARGV[6])
  if ARGV[7] == '' then
    redis.call('HSET', record, 'wire', 1)
  else
    redis.call('HDEL', record, 'wire')
    redis.call('SET', P .. 'receipt:' .. ARGV[7], id, 'EX', ARGV[8])
  end
  change(conversation, id, 'sending', '')
end
return 1
