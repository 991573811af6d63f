"""What the guide says and decides. Pure: no Rasa, WeChat, Redis or web code is imported here."""
