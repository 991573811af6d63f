"""A stand-in for WeChat's servers on loopback, with a chat page, for the demo and the tests."""
