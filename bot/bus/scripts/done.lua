-- Store the reply of the message in hand, put the message away, and free its conversation. A reply that a
-- gateway has promised for later goes to the outbox in the same step (see outbox_common.lua).
-- ARGV[3..]: conversation, token, key, reply, seconds to keep it, result of the turn, milliseconds it took,
-- the field of its class of time.
-- Returns 1, or 0 when the lease isn't ours any more; then nothing is written.
local conversation, token, key, reply = ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local shard = string.match(P, '{(%d+)}')
local M = 'mailbox:{' .. shard .. '}:'
local record = M .. 'message:' .. key
if redis.call('HGET', M .. 'holders', conversation) ~= token then
  -- Said twice by the same holder, because the answer to the first was lost on the way.
  if redis.call('HGET', record, 'by') == token then
    return 1
  end
  redis.call('HINCRBY', M .. 'turns', 'lost', 1)
  return 0
end
local messages = M .. 'queue:' .. conversation
redis.call('LPOP', messages)
redis.call('ZREM', M .. 'waiting', key)
redis.call('HSET', record, 'reply', reply, 'by', token)
redis.call('HDEL', record, 'inbound')
redis.call('EXPIRE', record, ARGV[7])
redis.call('ZREM', M .. 'leases', conversation)
redis.call('HDEL', M .. 'holders', conversation)
redis.call('HINCRBY', M .. 'turns', ARGV[8], 1)
redis.call('HINCRBY', M .. 'turns', 'ms', ARGV[9])
redis.call('HINCRBY', M .. 'turns', ARGV[10], 1)
if redis.call('EXISTS', messages) == 1 then
  redis.call('RPUSH', M .. 'ready', conversation)
  redis.call('PUBLISH', 'mailbox:ready', shard)
end
if redis.call('HEXISTS', record, 'owed') == 1 then
  queue_late(conversation, key, reply)
end
redis.call('PUBLISH', 'mailbox:replies', shard .. ' ' .. key)
return 1
