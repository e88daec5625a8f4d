"""Which secrets each family of account needs, and which jobs each role may do."""

from collections.abc import Mapping

SECRETS_NEEDED: Mapping[str, frozenset[str]] = {
    "official_account": frozenset({"secret", "token", "aes_key", "original_id"}),
    "mini_program": frozenset({"secret", "sub_template_id"}),
    "wecom": frozenset(
        {
            "agent_secret",
            "contact_secret",
            "archive_secret",
            "agentid",
            "token",
            "aes_key",
            "archive_private_key",
            "archive_publickey_ver",
        }
    ),
    "wechatpay": frozenset(
        {
            "appid",
            "apiv3_key",
            "merchant_serial",
            "merchant_private_key",
            "platform_serial",
            "platform_cert",
            "public_key_id",
            "public_key",
        }
    ),
    "alipay": frozenset({"app_private_key", "alipay_public_key", "seller_id"}),
}
"""Names as the sandbox's exported configuration has them."""

JOBS: Mapping[str, tuple[str, ...]] = {
    "admin": (
        "today",
        "clients",
        "conversations",
        "review",
        "guide",
        "boutique",
        "drops",
        "money",
        "insights",
    ),
    "marketing": ("today", "conversations", "guide", "boutique", "drops", "insights"),
    "associate": ("today", "clients", "conversations", "boutique"),
    "supervisor": ("today", "clients", "conversations", "review", "insights"),
    "finance": ("today", "boutique", "money", "insights"),
}


def secrets_missing(family: str, secrets: Mapping[str, str]) -> frozenset[str]:
    """Names of the secrets that an account of this family still lacks."""
    return SECRETS_NEEDED[family] - {name for name, value in secrets.items() if value}


def may(role: str, job: str) -> bool:
    """Whether the role may open the desk's pages for a job."""
    return job in JOBS.get(role, ())
