"""WeCom's part of the stand-in: a self-built app, its group robot, and WeChat customer service."""
