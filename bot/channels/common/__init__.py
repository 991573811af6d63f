"""What several channels share: envelope, fields, text, tokens, the API client."""
