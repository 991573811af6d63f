"""The desk: where staff take over conversations, answer and hand back. Django; of ``bot`` it uses only
``guide``, ``bus``, ``privacy``, ``settings``, ``errors`` and ``logs``.
"""
