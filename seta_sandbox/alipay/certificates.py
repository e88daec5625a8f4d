"""Certificate mode: a root, Alipay's and the application's certificates, each named by the MD5 of issuer and serial.

The serial number (SN) is MD5 over the issuer's RFC 4514 text followed by the decimal serial, in hex; that of a chain
of roots joins the SNs of its RSA certificates with `_`. All as the official SDKs compute them.
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from seta_sandbox.kit.keys import Keyring

VALID_FROM = datetime(2024, 1, 1, tzinfo=UTC)
VALID_UNTIL = datetime(2044, 1, 1, tzinfo=UTC)
ROOT = "alipay.root"


@dataclass(frozen=True)
class Certificates:
    """The three files of certificate mode as PEM, and what requests and answers call them."""

    root: str
    platform: str
    app: str
    root_sn: str
    platform_sn: str
    app_sn: str


def make(keyring: Keyring, *, app: str, platform: str, appid: str) -> Certificates:
    """The certificates of the keys of these names; the same keyring gives the same ones."""
    issuer = _name("Sandbox Certification Authority R1")
    root_key = keyring.rsa(ROOT)

    def issue(common_name: str, key: rsa.RSAPrivateKey, label: str) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .subject_name(_name(common_name))
            .issuer_name(issuer)
            .public_key(key.public_key())
            .serial_number(keyring.random(f"{label}/serial").randrange(1 << 100, 1 << 120))
            .not_valid_before(VALID_FROM)
            .not_valid_after(VALID_UNTIL)
            .sign(root_key, hashes.SHA256())
        )

    root = issue("Sandbox Certification Authority R1", root_key, ROOT)
    of_platform = issue("Alipay sandbox", keyring.rsa(platform), platform)
    of_app = issue(appid, keyring.rsa(app), app)
    return Certificates(_pem(root), _pem(of_platform), _pem(of_app), sn(root), sn(of_platform), sn(of_app))


def sn(certificate: x509.Certificate) -> str:
    """What Alipay calls a certificate by."""
    text = certificate.issuer.rfc4514_string() + str(certificate.serial_number)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _name(common_name: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Seta Sandbox"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Certification Authority"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
