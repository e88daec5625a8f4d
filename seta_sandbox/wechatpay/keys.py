"""Every key a WeChat Pay merchant and the platform exchange, taken from the world's keyring."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from seta_sandbox.kit.keys import DIGITS, Keyring

VALID_FROM = datetime(2024, 1, 1, tzinfo=UTC)
VALID_UNTIL = datetime(2044, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class CertifiedKey:
    """A private key and the self-made certificate that names it by a serial of 40 upper-case hex digits."""

    private: rsa.RSAPrivateKey
    serial: str
    certificate_pem: str

    @property
    def private_pem(self) -> str:
        """The private key as PKCS#8 PEM, the form WeChat Pay's own tool writes."""
        return self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode("ascii")


@dataclass(frozen=True)
class WeChatPayKeys:
    """What the platform knows: the merchant's certificate, its own two key pairs, the shared APIv3 key."""

    mchid: str
    sub_mchid: str
    merchant: CertifiedKey
    platform: CertifiedKey
    public_key_mode: rsa.RSAPrivateKey
    public_key_id: str
    apiv3_key: str
    apiv2_key: str

    @property
    def public_key_pem(self) -> str:
        """The public key of public-key mode, which a merchant downloads from the merchant platform."""
        return (
            self.public_key_mode.public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode("ascii")
        )


def make_serial(keyring: Keyring, name: str) -> int:
    """A serial whose 40 hex digits have no leading zero, because clients compare it as text or as a number.

    X.509 allows 159 bits, so the first digit stays between 1 and 7.
    """
    return keyring.random(name).randrange(1 << 156, 1 << 159)


def certify(private: rsa.RSAPrivateKey, common_name: str, serial: int) -> CertifiedKey:
    """Sign the key with itself; the same key and serial always give the same certificate."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(serial)
        .not_valid_before(VALID_FROM)
        .not_valid_after(VALID_UNTIL)
        .sign(private, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")
    return CertifiedKey(private, f"{serial:040X}", pem)


def make(keyring: Keyring) -> WeChatPayKeys:
    """Every key of the sandbox's one merchant; the same keyring gives the same keys."""
    mchid = "19" + keyring.secret("wechatpay.mchid", 8, DIGITS)
    return WeChatPayKeys(
        mchid=mchid,
        sub_mchid="16" + keyring.secret("wechatpay.sub_mchid", 8, DIGITS),
        merchant=certify(
            keyring.rsa("wechatpay.merchant"), mchid, make_serial(keyring, "wechatpay.merchant")
        ),
        platform=certify(
            keyring.rsa("wechatpay.platform"),
            "Tenpay.com sandbox",
            make_serial(keyring, "wechatpay.platform"),
        ),
        public_key_mode=keyring.rsa("wechatpay.public_key"),
        public_key_id="PUB_KEY_ID_0" + keyring.secret("wechatpay.public_key_id", 31, DIGITS),
        apiv3_key=keyring.secret("wechatpay.apiv3_key", 32),
        apiv2_key=keyring.secret("wechatpay.apiv2_key", 32),
    )


def replacement(keyring: Keyring, serial: str) -> CertifiedKey:
    """The certificate that follows the one of this serial; the same keyring gives the same one."""
    name = f"wechatpay.platform/{serial[:8]}"
    return certify(keyring.rsa(name), "Tenpay.com sandbox", make_serial(keyring, name))
