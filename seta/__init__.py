"""Seta: social retail and destination software on WeChat, self-hosted."""
