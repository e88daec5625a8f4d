"""The Alipay open platform's gateway in key mode and certificate mode, played with real RSA2."""
