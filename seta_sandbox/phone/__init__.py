"""The consumer's phone: WeChat in one page, with its network, its pay sheet and the mini program in a frame."""
