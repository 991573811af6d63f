"""One folder a channel: envelope, inbound, render, client."""
