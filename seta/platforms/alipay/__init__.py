"""Alipay's open platform."""
