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
    "antom": frozenset({"private_key", "antom_public_key"}),
}
"""Names as the sandbox's exported configuration has them."""

DOMESTIC, GLOBAL_DIRECT, GLOBAL_INSTITUTION = "domestic", "global_direct", "global_institution"

SETTINGS_NEEDED: Mapping[str, Mapping[str, frozenset[str]]] = {
    "wechatpay": {
        DOMESTIC: frozenset(),
        GLOBAL_DIRECT: frozenset({"category"}),
        GLOBAL_INSTITUTION: frozenset({"category", "sp_mchid", "sp_appid"}),
    },
}
"""What else an account says of itself in each of its modes, by family; a family that is not here has one mode.

`category` is the merchant category code. In institution mode the account's own identifier is the sub_mchid, and
`sub_appid` may name the merchant's own app.
"""

JOBS: Mapping[str, tuple[str, ...]] = {
    "admin": (
        "today",
        "clients",
        "conversations",
        "review",
        "evidence",
        "content",
        "guide",
        "boutique",
        "drops",
        "popups",
        "loyalty",
        "money",
        "insights",
    ),
    "marketing": (
        "today",
        "conversations",
        "content",
        "guide",
        "boutique",
        "drops",
        "popups",
        "loyalty",
        "insights",
    ),
    "associate": ("today", "clients", "conversations", "boutique"),
    "supervisor": (
        "today",
        "clients",
        "conversations",
        "review",
        "evidence",
        "content",
        "loyalty",
        "insights",
    ),
    "finance": ("today", "boutique", "money", "insights"),
}


def secrets_missing(family: str, secrets: Mapping[str, str]) -> frozenset[str]:
    """Names of the secrets that an account of this family still lacks."""
    return SECRETS_NEEDED[family] - {name for name, value in secrets.items() if value}


PAYMENT_FAMILIES = frozenset({"wechatpay", "alipay", "antom"})

SETTING_NAMES = frozenset(
    {
        *("mode", "category", "sp_mchid", "sp_appid", "sub_appid", "merchant_id"),
        *("archive_library", "archive_proxy"),
    }
)
"""What accounts say of themselves that is no secret; `archive_library` is the path of Tencent's Finance SDK."""


def mode_of(settings: Mapping[str, str]) -> str:
    """In which mode an account works; domestic unless it says another."""
    return settings.get("mode") or DOMESTIC


def divide(values: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Values as a person gives them, as (what the account says of itself, what is to be sealed)."""
    said = {name: value for name, value in values.items() if name in SETTING_NAMES}
    return said, {name: value for name, value in values.items() if name not in SETTING_NAMES}


def settings_missing(family: str, settings: Mapping[str, str]) -> frozenset[str]:
    """Names of the settings that an account lacks in its mode; `mode` itself when there is no such mode."""
    modes = SETTINGS_NEEDED.get(family, {DOMESTIC: frozenset()})
    needed = modes.get(mode_of(settings))
    if needed is None:
        return frozenset({"mode"})
    return needed - {name for name, value in settings.items() if value}


def may(role: str, job: str) -> bool:
    """Whether the role may open the desk's pages for a job."""
    return job in JOBS.get(role, ())
