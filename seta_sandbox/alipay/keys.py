"""The application's and Alipay's key pairs, taken from the world's keyring."""

from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import rsa

from seta_sandbox.alipay import certificates
from seta_sandbox.alipay.certificates import Certificates
from seta_sandbox.kit.keys import DIGITS, Keyring

APP = "alipay.app"
PLATFORM = "alipay.platform"


@dataclass(frozen=True)
class AlipayKeys:
    """Who the merchant is, the two key pairs, and the certificates that certificate mode names them by."""

    appid: str
    seller_id: str
    app: rsa.RSAPrivateKey
    platform: rsa.RSAPrivateKey
    certificates: Certificates


def make(keyring: Keyring) -> AlipayKeys:
    """The sandbox's one Alipay application; the same keyring gives the same keys."""
    appid = "2021" + keyring.secret("alipay.appid", 12, DIGITS)
    return AlipayKeys(
        appid=appid,
        seller_id="2088" + keyring.secret("alipay.seller", 12, DIGITS),
        app=keyring.rsa(APP),
        platform=keyring.rsa(PLATFORM),
        certificates=certificates.make(keyring, app=APP, platform=PLATFORM, appid=appid),
    )
