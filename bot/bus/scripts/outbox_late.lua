-- Queue a reply that came too late for the answer to its message; one item a message, whoever says it.
local function queue_late(conversation, key, reply)
  if #cjson.decode(reply).parts == 0 then
    return
  end
  local id = 'late/' .. key
  -- The reply stays the text that it is: decoded and encoded again, an empty list would become an object.
  local record = 'mailbox:{' .. string.match(P, '{(%d+)}') .. '}:message:' .. key
  local ticket = cjson.encode(redis.call('HGET', record, 'ticket') or '')
  local item = '{"id":%s,"conversation":%s,"at":%.3f,"ticket":%s,"reply":'
  item = string.format(item, cjson.encode(id), cjson.encode(conversation), now / 1000, ticket)
  item = item .. reply .. '}'
  queue(conversation, id, item, '')
end
