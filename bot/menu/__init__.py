"""The menu under the chat: kept in a file, pushed by ``python -m bot menu push``."""
