-- What every script of the outbox begins with.
-- KEYS[1] the shard's prefix; ARGV[1] the shard's stream of events; ARGV[2] about how many it keeps.
local P = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function record_of(id)
  return P .. 'item:' .. id
end

local function queue_of(conversation)
  return P .. 'queue:' .. conversation
end

-- The channel of a conversation: what comes before its first colon.
local function lane_of(conversation)
  return string.match(conversation, '^[^:]*')
end

local function tell(event)
  redis.call('XADD', ARGV[1], 'MAXLEN', '~', ARGV[2], '*', 'e', event)
end

-- Put an item into a state, count it, and tell it; the same state and reason again is no news.
-- The event is named by the item and the number of its change, so it is unique.
local function change(conversation, id, state, reason)
  local record = record_of(id)
  local old = redis.call('HMGET', record, 'state', 'reason')
  if old[1] == state and old[2] == reason then
    return
  end
  redis.call('HSET', record, 'state', state, 'reason', reason)
  if old[1] ~= state then
    if old[1] then
      redis.call('HINCRBY', P .. 'states', old[1], -1)
    end
    redis.call('HINCRBY', P .. 'states', state, 1)
  end
  local number = redis.call('HINCRBY', record, 'changes', 1)
  tell(cjson.encode({
    id = id .. '/' .. number,
    kind = 'delivery',
    conversation = conversation,
    at = now / 1000,
    data = {id = id, state = state, reason = reason},
  }))
end

-- Let senders take the head of a conversation, behind the others (RPUSH) or ahead of them (LPUSH).
local function make_ready(conversation, push)
  local lane = lane_of(conversation)
  redis.call(push, P .. 'ready:' .. lane, conversation)
  redis.call('PUBLISH', 'outbox:ready', string.match(P, '{(%d+)}') .. ' ' .. lane)
end

-- A conversation is in hand for a while: with whom, and until when.
local function hold(conversation, token, milliseconds)
  redis.call('ZADD', P .. 'leases', now + milliseconds, conversation)
  redis.call('HSET', P .. 'holders', conversation, token)
end

-- It is in nobody's hand any more. Returns whether the user wrote while it was.
local function let_go(conversation)
  redis.call('ZREM', P .. 'leases', conversation)
  redis.call('HDEL', P .. 'holders', conversation)
  return redis.call('SREM', P .. 'wrote', conversation) == 1
end

-- Put the head of a queue away in a final state. What may be tried again keeps its text.
local function put_away(conversation, id, state, reason, keep)
  local record = record_of(id)
  redis.call('LPOP', queue_of(conversation))
  change(conversation, id, state, reason)
  redis.call('HDEL', record, 'wire')
  if state == 'sent' then
    redis.call('HDEL', record, 'item', 'rest')
  end
  redis.call('EXPIRE', record, keep)
end

-- After a head is gone: the next one of the conversation may go.
local function go_on(conversation)
  if redis.call('EXISTS', queue_of(conversation)) == 1 then
    make_ready(conversation, 'RPUSH')
  end
end

-- Put an item at the end of its conversation's queue. Returns 1, or 0 when its id is known.
local function queue(conversation, id, item, event)
  if redis.call('EXISTS', record_of(id)) == 1 then
    return 0
  end
  redis.call('HSET', record_of(id), 'item', item, 'conversation', conversation)
  if event ~= '' then
    tell(event)
  end
  change(conversation, id, 'queued', '')
  -- The head stays in the queue until it is put away, so only a first item makes a conversation ready.
  if redis.call('RPUSH', queue_of(conversation), id) == 1 then
    make_ready(conversation, 'RPUSH')
  end
  return 1
end
