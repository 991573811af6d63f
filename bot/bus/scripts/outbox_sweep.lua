-- Free what dead senders held, and what waited for its next try.
-- ARGV[3..]: lane, lease in milliseconds, longest delay in milliseconds, reason in words for an item
-- whose holder was lost while a request was out, seconds to keep a final record.
-- Returns {how many conversations of the lane are ready, milliseconds until the next step or -1}.
local leases, delayed = P .. 'leases', P .. 'delayed'

-- One item whose holder is lost. Returns whether it is put away.
local function lost(conversation, id)
  if redis.call('HGET', record_of(id), 'wire') then
    put_away(conversation, id, 'unknown', ARGV[6], ARGV[7])
    return true
  end
  return false
end

for _, conversation in ipairs(redis.call('ZRANGEBYSCORE', leases, '-inf', now, 'LIMIT', 0, 100)) do
  let_go(conversation)
  local gone = false
  -- A passive answer has several items out at once.
  local id = redis.call('LINDEX', queue_of(conversation), 0)
  while id and lost(conversation, id) do
    gone = true
    id = redis.call('LINDEX', queue_of(conversation), 0)
  end
  if id then
    make_ready(conversation, gone and 'RPUSH' or 'LPUSH')
  end
end
for _, conversation in ipairs(redis.call('ZRANGEBYSCORE', delayed, '-inf', now, 'LIMIT', 0, 100)) do
  redis.call('ZREM', delayed, conversation)
  make_ready(conversation, 'RPUSH')
end
-- Nothing waits for longer than it ever may: a clock set back mustn't hold a conversation.
for key, longest in pairs({[leases] = now + ARGV[4], [delayed] = now + ARGV[5]}) do
  for _, conversation in ipairs(redis.call('ZRANGEBYSCORE', key, '(' .. longest, '+inf', 'LIMIT', 0, 100)) do
    redis.call('ZADD', key, longest, conversation)
  end
end
local soonest = -1
for _, key in ipairs({leases, delayed}) do
  local first = redis.call('ZRANGE', key, 0, 0, 'WITHSCORES')
  if first[2] then
    local wait = math.max(first[2] - now, 0)
    soonest = soonest < 0 and wait or math.min(soonest, wait)
  end
end
return {redis.call('LLEN', P .. 'ready:' .. ARGV[3]), soonest}
