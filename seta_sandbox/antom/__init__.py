"""Antom (Alipay+ AMS): payments priced in any currency and paid in CNY, played with real RSA."""
