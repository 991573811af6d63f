-- A message in a conversation that staff have goes to the desk, past the bot.
-- KEYS[1] the owner prefix of the shard
-- ARGV: conversation, key of the message, its event, about how many entries the stream keeps, an empty
-- reply, seconds to keep it.
-- Returns {0 staff don't have it, 1 told, or 2 known from an earlier delivery; owner, epoch, agent}.
local now = redis.call('HMGET', KEYS[1] .. ARGV[1], 'owner', 'epoch', 'agent')
if now[1] ~= 'agent' then
  return {0, now[1], now[2], now[3]}
end
local slot = string.match(KEYS[1], '{%d+}')
local record = 'mailbox:' .. slot .. ':message:' .. ARGV[2]
if redis.call('HINCRBY', record, 'deliveries', 1) > 1 then
  return {2, now[1], now[2], now[3]}
end
redis.call('HSET', record, 'reply', ARGV[5])
redis.call('EXPIRE', record, ARGV[6])
redis.call('XADD', 'events:' .. slot, 'MAXLEN', '~', ARGV[4], '*', 'e', ARGV[3])
return {1, now[1], now[2], now[3]}
