"""`seta init`: a first real house, its administrator and its accounts, each checked against its platform."""

import argparse
import getpass
import json
import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from seta.houses import queries as houses
from seta.houses.operations import SecretsMissing, connect_account, found_house, hire
from seta.houses.rules import SECRETS_NEEDED, divide
from seta.platforms.core.errors import PlatformError
from seta.site.commands.command import Command
from seta.site.trouble import Trouble

BASE_URLS = {
    "official_account": "https://api.weixin.qq.com",
    "mini_program": "https://api.weixin.qq.com",
    "wecom": "https://qyapi.weixin.qq.com",
    "wechatpay": "https://api.mch.weixin.qq.com",
    "alipay": "https://openapi.alipay.com",
    "antom": "https://open-de-global.alipay.com",
}
GLOBAL_WECHATPAY = "https://apihk.mch.weixin.qq.com"
APP_ID_NAMES = {"wecom": "corpid", "wechatpay": "mchid", "antom": "client_id"}
"""What each family calls its own identifier; the others say appid."""

NO_TRADE, NO_SUCH_TRADE = "st_of_nobody", "ACQ.TRADE_NOT_EXIST"
"""A number under which nothing was ever paid, and Alipay's signed word for that."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Name, kind, and a file of credentials; without a file they are asked for."""
    parser.add_argument("--house", required=True, metavar="NAME", help="the house's name")
    parser.add_argument("--kind", required=True, choices=("maison", "destination"))
    parser.add_argument("--code", help="short code for addresses (made from the name when left out)")
    parser.add_argument("--currency", default="EUR", help="what the house is settled in")
    parser.add_argument("--credentials", type=Path, metavar="FILE", help="JSON: {family: {name: value}}")


def run(args: argparse.Namespace) -> int:
    """Exit code 0 when the house stands and every account given answered."""
    code = args.code or "".join(letter if letter.isalnum() else "-" for letter in args.house.lower()).strip(
        "-"
    )
    credentials = _read(args.credentials) if args.credentials else _ask()
    house_id = found_house(code=code, name=args.house, kind=args.kind, currency=args.currency)
    for family, values in credentials.items():
        _connect(house_id, family, dict(values))
    password = secrets.token_urlsafe(12)
    hire(house_id=house_id, username=f"{code}-admin", password=password, role="admin", name="Administrator")
    print(f"house {code} ({house_id}) stands; sign in at /desk/ as {code}-admin with {password}")
    return 0


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as problem:
        raise Trouble(f"cannot read credentials from {path}: {problem}") from None
    unknown = set(found) - set(SECRETS_NEEDED)
    if unknown:
        raise Trouble(f"{path} names {', '.join(sorted(unknown))}; families are {', '.join(SECRETS_NEEDED)}")
    return {str(family): values for family, values in found.items()}


def _ask() -> dict[str, Any]:
    credentials: dict[str, Any] = {}
    for family, names in SECRETS_NEEDED.items():
        if input(f"connect {family} now? [y/N] ").strip().lower() != "y":
            continue
        own = APP_ID_NAMES.get(family, "appid")
        asked = [own, *sorted(names - {own})]
        credentials[family] = {name: getpass.getpass(f"  {name}: ").strip() for name in asked}
    return credentials


def _connect(house_id: int, family: str, values: dict[str, Any]) -> None:
    usual = GLOBAL_WECHATPAY if str(values.get("mode", "")).startswith("global") else BASE_URLS[family]
    base_url = str(values.pop("base_url", usual))
    own = APP_ID_NAMES.get(family, "appid")
    app_id = str(values.get(own, ""))
    if not app_id:
        raise Trouble(f"{family} needs {own}")
    said, sealed = divide({name: str(value) for name, value in values.items()})
    try:
        connect_account(
            house_id=house_id,
            family=family,
            app_id=app_id,
            base_url=base_url,
            secrets=sealed,
            settings=said,
            now=datetime.now(UTC),
        )
        answer = check_account(house_id, family)
    except SecretsMissing as problem:
        raise Trouble(str(problem)) from None
    except PlatformError as problem:
        raise Trouble(f"{family} refused its credentials: {problem}") from None
    print(f"{family}: {answer}")


def check_account(house_id: int, family: str) -> str:
    """Ask the platform something harmless with the account's keys; raises PlatformError."""
    if family == "official_account":
        houses.official_account(house_id).access_token()
        return "token received"
    if family == "mini_program":
        houses.mini_program(house_id).access_token()
        return "token received"
    if family == "wecom":
        return f"{len(houses.archive(house_id).get_chat_data(0, 1))} archive record readable"
    if family == "wechatpay":
        skew = houses.wechatpay(house_id).notification_keys()
        return f"{len(skew.verifiers)} platform keys known"
    if family == "antom":
        return f"{len(houses.antom(house_id).exchange_rate('EUR'))} rates quoted"
    assert family == "alipay"
    try:
        houses.alipay(house_id).query(NO_TRADE)
    except PlatformError as problem:
        if problem.code != NO_SUCH_TRADE:
            raise
    return "knows our keys, and proved its answer"


COMMAND = Command("found a first real house and connect its accounts", arguments, run)
