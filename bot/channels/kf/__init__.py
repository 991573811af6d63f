"""WeChat customer service (微信客服)."""
