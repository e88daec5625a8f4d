"""WeChat: Official Account and mini program."""
