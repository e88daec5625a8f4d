"""The application's and Alipay's key pairs, taken from the world's keyring."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import rsa

from seta_sandbox.kit.keys import DIGITS, Keyring

APP = "alipay.app"
PLATFORM = "alipay.platform"


@dataclass(frozen=True)
class AlipayKeys:
    """Who the merchant is and the two key pairs of key mode."""

    appid: str
    seller_id: str
    app: rsa.RSAPrivateKey
    platform: rsa.RSAPrivateKey


def make(keyring: Keyring) -> AlipayKeys:
    """The sandbox's one Alipay application; the same keyring gives the same keys."""
    return AlipayKeys(
        appid="2021" + keyring.secret("alipay.appid", 12, DIGITS),
        seller_id="2088" + keyring.secret("alipay.seller", 12, DIGITS),
        app=keyring.rsa(APP),
        platform=keyring.rsa(PLATFORM),
    )
