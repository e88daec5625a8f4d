"""Over https the certificate is held to the name, although the connection goes to a checked address."""

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from seta.webhooks.courier import Courier
from seta.webhooks.models import Attempt
from tests.webhooks.conftest import bring_all, hear, paid, tell
from tests.webhooks.receiver import Receiver

NOW = datetime.now(UTC) + timedelta(hours=12)


def certify(name: str, folder: Path) -> tuple[Path, Path]:
    """A self-signed certificate for a name, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert_path, key_path = folder / "cert.pem", folder / "key.pem"
    cert_path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return cert_path, key_path


@pytest.mark.parametrize(
    ("name", "is_trusted", "problem"),
    [("localhost", True, ""), ("localhost", False, "tls"), ("erp.example.com", True, "tls")],
)
def test_only_a_trusted_certificate_of_the_name_gets_the_message(
    house_id: int, tmp_path: Path, name: str, is_trusted: bool, problem: str
) -> None:
    cert, key = certify(name, tmp_path)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    receiver = Receiver().start(server)
    hear(house_id, receiver, NOW)
    tell(paid(house_id, NOW))
    client = ssl.create_default_context()
    if is_trusted:
        client.load_verify_locations(cert)
    courier = Courier(private_allowed=True, timeout_seconds=5, verify=client)

    bring_all(courier, NOW)
    courier.close()
    receiver.stop()

    assert Attempt.objects.get().problem == problem
    assert [one.is_genuine for one in receiver.arrived] == ([] if problem else [True])
