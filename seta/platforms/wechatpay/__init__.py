"""WeChat Pay APIv3, domestic."""
