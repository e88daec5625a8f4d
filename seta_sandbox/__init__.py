"""The platforms that Seta talks to, emulated: WeChat, WeCom, WeChat Pay, Alipay and a phone."""
