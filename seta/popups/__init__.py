"""Pop-ups: a themed storefront with its own dates, stock, look and codes, that opens and closes by itself."""
