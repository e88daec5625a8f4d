"""WeChat: `OfficialAccount` and `MiniProgram`, one stable token each; `messages` reads pushes."""

from seta.platforms.wechat.mini_program import MiniProgram
from seta.platforms.wechat.official_account import OfficialAccount

__all__ = ["MiniProgram", "OfficialAccount"]
