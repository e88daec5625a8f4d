"""The Alipay open platform's gateway in key mode, played with real RSA2."""
