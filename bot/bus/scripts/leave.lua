-- A reply of the bot's may leave if nobody changed the owner since it was made.
-- KEYS[1] the owner prefix of the shard
-- ARGV: conversation, epoch that the reply saw, the event that tells that it didn't leave, about how many
-- entries the stream keeps.
-- Returns 1, or 0 when it must stay behind; then that is told.
local now = redis.call('HMGET', KEYS[1] .. ARGV[1], 'owner', 'epoch')
-- At one epoch the desk's truth may have taken the place of ours: staff have it all the same.
if now[1] ~= 'agent' and tonumber(now[2] or '0') == tonumber(ARGV[2]) then
  return 1
end
redis.call('XADD', 'events:' .. string.match(KEYS[1], '{%d+}'), 'MAXLEN', '~', ARGV[4], '*', 'e', ARGV[3])
return 0
