"""Questions that mean the same, put together: the assistant's own sentence embeddings, seen through what it
already knows. Runs in the consumer, in a thread of its own; pages only read what it wrote.
"""
