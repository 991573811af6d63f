-- Put an item at the end of its conversation's queue, unless its id is known.
-- ARGV[3..]: conversation, id, item, an event of the caller's to tell with it or "".
-- Returns 1 when it was put, 0 when the id is known.
return queue(ARGV[3], ARGV[4], ARGV[5], ARGV[6])
