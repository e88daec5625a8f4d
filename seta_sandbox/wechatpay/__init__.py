"""WeChat Pay APIv3, domestic and cross-border, played with real RSA and AES-GCM."""
