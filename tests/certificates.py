"""Certificates for tests, made on the spot: their keys sign nothing else and are thrown away."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import EmbeddedPdfSignature, PdfSignatureStatus, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from app.certificate import Certificate

PASSPHRASE = "geheim-für-tests"
WHO = "CN=报告签发（测试）, O=示例诊断中心"


def certificate_file(
    folder: Path, begins: int = -1, ends: int = 30, kind: str = "rsa", passphrase: str = PASSPHRASE
) -> Path:
    """Write a self-made certificate with its key; it is valid from so many days from now to so many."""
    key, now = _key(kind), datetime.now(UTC)
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "示例诊断中心"),
            x509.NameAttribute(NameOID.COMMON_NAME, "报告签发（测试）"),
        ]
    )
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number())
    made = made.not_valid_before(now + timedelta(begins)).not_valid_after(now + timedelta(ends))
    usage = x509.KeyUsage(True, True, *[False] * 7)
    made = made.add_extension(usage, critical=True).add_extension(
        x509.BasicConstraints(ca=False, path_length=None), True
    )
    locked = serialization.BestAvailableEncryption(passphrase.encode()) if passphrase else serialization.NoEncryption()
    file = folder / "certificate.p12"
    file.write_bytes(pkcs12.serialize_key_and_certificates(b"test", key, made.sign(key, hashes.SHA256()), None, locked))
    return file


@cache
def _key(kind: str) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    if kind == "rsa":
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return ec.generate_private_key(ec.SECP256R1())


def validated(content: bytes, certificate: Certificate) -> tuple[EmbeddedPdfSignature, PdfSignatureStatus]:
    """Return the only signature of a file, and what pyHanko says of it: in a thread, for it runs a loop of its own."""
    [signature] = PdfFileReader(BytesIO(content)).embedded_signatures
    trusted = ValidationContext(trust_roots=[certificate.signer.signing_cert])
    with ThreadPoolExecutor(1) as apart:
        status = apart.submit(validate_pdf_signature, signature, signer_validation_context=trusted).result()
    return signature, status
