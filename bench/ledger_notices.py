"""Payments that wait for their notification, notifications sealed as WeChat Pay does, and what became true."""

import base64
import json
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from seta.site.boot import boot

boot()

from cryptography.hazmat.primitives import hashes, serialization  # noqa: E402  Django is ready only now
from cryptography.hazmat.primitives.asymmetric import padding, rsa  # noqa: E402
from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: E402

from bench.ledger_world import SETTLED, migrate, truth  # noqa: E402
from seta.houses.operations import connect_account, found_house  # noqa: E402
from seta.payments.models import Attempt, Intent  # noqa: E402
from seta.payments.rules.states import IntentState  # noqa: E402

MCHID, APIV3_KEY, KEY_ID = "1900000109", "0123456789abcdef0123456789abcdef", "PUB_KEY_ID_0119000001092026"
AMOUNT, FEE = 938_815, 1_200


def prepare(count: int, folder: Path) -> dict[str, object]:
    """A house with an account and `count` payments shown to clients; their notifications go to a file."""
    migrate()
    now = datetime.now(UTC)
    house_id = found_house(code="bench", name="Bench", kind="maison")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    merchant = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    account_id = connect_account(
        house_id=house_id,
        family="wechatpay",
        app_id=MCHID,
        base_url="http://127.0.0.1:9",
        secrets={
            "appid": "wx5e7abe9c00000001",
            "apiv3_key": APIV3_KEY,
            "merchant_serial": "1" * 40,
            "merchant_private_key": merchant.decode(),
            "platform_serial": "2" * 40,
            "platform_cert": public.decode(),
            "public_key_id": KEY_ID,
            "public_key": public.decode(),
        },
        now=now,
    )
    intents = Intent.objects.bulk_create(
        [_intent(house_id, f"N{number:08}", now) for number in range(count)], batch_size=500
    )
    Attempt.objects.bulk_create(
        [
            Attempt(
                house_id=house_id,
                intent=intent,
                provider="wechatpay",
                out_trade_no=intent.number,
                created_at=now,
                sent_at=now,
            )
            for intent in intents
        ],
        batch_size=500,
    )
    notices = [_notice(key, intent.number) for intent in intents]
    (folder / "notices.json").write_text(json.dumps(notices))
    return {"house_id": house_id, "account_id": account_id}


def _intent(house_id: int, number: str, now: datetime) -> Intent:
    return Intent(
        house_id=house_id,
        number=number,
        reference=number,
        description="bench",
        method="wechat_jsapi",
        provider="wechatpay",
        amount=AMOUNT,
        currency="CNY",
        settle_amount=SETTLED + FEE,
        settle_currency="EUR",
        fee=FEE,
        state=IntentState.REQUIRES_ACTION,
        opened_at=now,
        expires_at=now + timedelta(hours=2),
    )


def _notice(key: rsa.RSAPrivateKey, number: str) -> tuple[dict[str, str], str]:
    """Headers and body as in https://pay.weixin.qq.com/doc/v3/merchant/4012791861 (payment notification)."""
    nonce, stamp = os.urandom(6).hex(), str(int(time.time()))
    resource = {
        "mchid": MCHID,
        "appid": "wx5e7abe9c00000001",
        "out_trade_no": number,
        "transaction_id": f"42000{number}",
        "trade_type": "JSAPI",
        "trade_state": "SUCCESS",
        "success_time": "2026-11-22T12:00:00+08:00",
        "payer": {"openid": "o1"},
        "amount": {"total": AMOUNT, "payer_total": AMOUNT, "currency": "CNY", "payer_currency": "CNY"},
    }
    sealed = AESGCM(APIV3_KEY.encode()).encrypt(nonce.encode(), json.dumps(resource).encode(), b"transaction")
    body = json.dumps(
        {
            "id": f"notice-{number}",
            "create_time": "2026-11-22T12:00:00+08:00",
            "event_type": "TRANSACTION.SUCCESS",
            "resource_type": "encrypt-resource",
            "summary": "支付成功",
            "resource": {
                "original_type": "transaction",
                "algorithm": "AEAD_AES_256_GCM",
                "ciphertext": base64.b64encode(sealed).decode(),
                "associated_data": "transaction",
                "nonce": nonce,
            },
        }
    )
    signed = key.sign(f"{stamp}\n{nonce}\n{body}\n".encode(), padding.PKCS1v15(), hashes.SHA256())
    headers = {
        "Content-Type": "application/json",
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": base64.b64encode(signed).decode(),
        "Wechatpay-Serial": KEY_ID,
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
    }
    return headers, body


def main() -> None:
    """`prepare COUNT FOLDER` or `truth HOUSE FOLDER`, whose booked.json lists the payments acknowledged as booked."""
    verb, number, folder = sys.argv[1:4]
    if verb == "prepare":
        print(json.dumps(prepare(int(number), Path(folder))))
    else:
        booked = json.loads((Path(folder) / "booked.json").read_text())
        print(json.dumps(truth(int(number), [f"N{place:08}" for place in booked])))


if __name__ == "__main__":
    main()
