"""WeCom: customer contact and the conversation archive."""
