"""The assistant: guide, language, dialogue, channels and the programs that join them."""
