-- Report what came of the item in hand, and free its conversation.
-- ARGV[3..]: conversation, token, id, state, reason, delay in milliseconds (state queued), how many tries
-- count so far, the messages still to be sent or "" for no change, seconds to keep a final record.
-- Returns 1, or 0 when the lease isn't ours any more; then nothing is written.
local conversation, token, id, state, reason = ARGV[3], ARGV[4], ARGV[5], ARGV[6], ARGV[7]
local record = record_of(id)
if redis.call('HGET', P .. 'holders', conversation) ~= token then
  local known = redis.call('HMGET', record, 'by', 'state')
  if known[1] ~= token then
    return 0
  end
  -- Given up as unknown when the lease ran out; now its holder says how it ended.
  if known[2] == 'unknown' and (state == 'sent' or state == 'failed') then
    change(conversation, id, state, reason)
    return 1
  end
  -- Said twice by the same holder, because the answer to the first was lost on the way.
  return known[2] == state and 1 or 0
end
redis.call('HDEL', record, 'wire')
if ARGV[10] ~= '' then
  redis.call('HSET', record, 'rest', ARGV[10])
end
local wrote = let_go(conversation)
if state == 'sent' or state == 'failed' or state == 'unknown' then
  put_away(conversation, id, state, reason, ARGV[11])
  go_on(conversation)
elseif state == 'held' and not wrote then
  change(conversation, id, 'held', reason)
  redis.call('ZADD', P .. 'held', now, conversation)
elseif state == 'held' then
  -- The user wrote while we were told that they have to: that was for before.
  redis.call('HDEL', record, 'tries')
  change(conversation, id, 'queued', '')
  make_ready(conversation, 'LPUSH')
else
  redis.call('HSET', record, 'tries', ARGV[9])
  change(conversation, id, 'queued', reason)
  if tonumber(ARGV[8]) > 0 then
    redis.call('ZADD', P .. 'delayed', now + ARGV[8], conversation)
  else
    make_ready(conversation, 'LPUSH')
  end
end
return 1
