"""Alipay's certificate mode: what certificates are called by, and which of them our root vouches for."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_RSA = "1.2.840.113549.1.1."


@dataclass(frozen=True)
class Certificates:
    """The three files of the console, as PEM: the application's, Alipay's own, and the chain of roots."""

    app: str
    alipay: str
    root: str


@lru_cache(maxsize=64)
def certificate_sn(pem: str) -> str:
    """The SN of a certificate: MD5 of its issuer's RFC 4514 text and its decimal serial. ValueError for no PEM."""
    return _sn(x509.load_pem_x509_certificate(pem.encode()))


@lru_cache(maxsize=64)
def root_sn(pem: str) -> str:
    """The SN of a chain of roots: those of its RSA certificates, joined by `_`; others (SM2) are passed over."""
    found = [_sn(root) for root in _chain(pem) if root.signature_algorithm_oid.dotted_string.startswith(_RSA)]
    if not found:
        raise ValueError("no RSA certificate among the roots")
    return "_".join(found)


def is_issued_by(pem: str, roots: str) -> bool:
    """Whether one of the roots signed this certificate directly."""
    certificate = x509.load_pem_x509_certificate(pem.encode())
    for root in _chain(roots):
        try:
            certificate.verify_directly_issued_by(root)
        except (ValueError, TypeError, InvalidSignature):
            continue
        return True
    return False


def _chain(pem: str) -> list[x509.Certificate]:
    return [x509.load_pem_x509_certificate(text.encode()) for text in _PEM.findall(pem)]


def _sn(certificate: x509.Certificate) -> str:
    text = certificate.issuer.rfc4514_string() + str(certificate.serial_number)
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
