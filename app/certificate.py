"""The certificate of an installation and what it signs: the only file that knows pyHanko.

A PAdES-B-B signature is appended to a PDF; what stood there before stays as it is, byte for byte. No time stamp is
asked for, so nothing is fetched from anywhere.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pyhanko.sign import SimpleSigner

FIELD = "Signature"


class CertificateFault(Exception):
    """The certificate cannot be used; the message says why, in Chinese and English."""


class NotSigned(Exception):
    """A PDF could not be signed."""


class Expired(NotSigned):
    """The certificate has been valid, and is not any more."""


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate with its key, as one PKCS#12 file holds them."""

    subject: str  # “CN=…, O=…”
    valid_from: datetime
    valid_until: datetime
    signer: SimpleSigner = field(repr=False)


@dataclass(frozen=True, slots=True)
class Signature:
    """What was appended to a PDF, by whose certificate."""

    appended: bytes
    subject: str
    valid_until: datetime


def load_certificate(path: Path, passphrase: str, now: datetime | None = None) -> Certificate:
    """Read a PKCS#12 file (.p12, .pfx). Raises CertificateFault; the passphrase is never part of what it says."""
    try:
        content = path.read_bytes()
    except OSError as fault:
        raise CertificateFault(
            f"读不到证书文件“{path}”。请改正路径和读取权限，或不设这一项。 / "
            f"The certificate {str(path)!r} cannot be read. Correct the path and who may read it, or leave it out."
        ) from fault
    made = _certificate(content, passphrase, path)
    _refuse_out_of_time(made, path, now or datetime.now(UTC))
    return made


def _certificate(content: bytes, passphrase: str, path: Path) -> Certificate:
    from pyhanko.sign import SimpleSigner  # noqa: PLC0415 - a third of a second that most starts do without

    try:
        signer = SimpleSigner.load_pkcs12_data(content, other_certs=[], passphrase=passphrase.encode() or None)
        found = signer.signing_cert
        assert found is not None
        return Certificate(_subject(found), found.not_valid_before, found.not_valid_after, signer)
    except (ValueError, TypeError, AttributeError, AssertionError):
        # Without the cause: what a library says of a wrong passphrase is nobody's business.
        raise CertificateFault(
            f"证书文件“{path}”打不开：口令不对，或不是带私钥的 PKCS#12 文件。请检查 ZHIZHEN_CERTIFICATE_PASSPHRASE。 / "
            f"The certificate {str(path)!r} does not open: its passphrase is wrong, or it is no PKCS#12 file with a "
            "private key. Check ZHIZHEN_CERTIFICATE_PASSPHRASE."
        ) from None


def _subject(found: Any) -> str:
    names = found.subject.native
    known = {short: names.get(name) for short, name in (("CN", "common_name"), ("O", "organization_name"))}
    return ", ".join(f"{short}={name}" for short, name in known.items() if name) or found.subject.human_friendly


def _refuse_out_of_time(made: Certificate, path: Path, now: datetime) -> None:
    if not made.valid_from <= now <= made.valid_until:
        first, last = f"{made.valid_from:%Y-%m-%d}", f"{made.valid_until:%Y-%m-%d}"
        raise CertificateFault(
            f"证书“{path}”不在有效期内（{first} 至 {last}）。请换上有效的证书，或不设这一项。 / "
            f"The certificate {str(path)!r} is not valid now ({first} to {last}). Put a valid one in its place, or "
            "leave the setting out."
        )


def sign(pdf: bytes, certificate: Certificate) -> Signature:
    """Return the signature to be appended to `pdf`. Raises NotSigned, Expired."""
    if datetime.now(UTC) > certificate.valid_until:
        raise Expired
    try:
        with ThreadPoolExecutor(1) as apart:  # the library runs an event loop of its own, and a thread has room for one
            signed = apart.submit(_signed, pdf, certificate).result()
    except Exception as fault:  # whatever the library stumbles over, the report is told that it was not signed
        raise NotSigned(str(fault)) from fault
    if not signed.startswith(pdf):
        raise NotSigned("the signature was not appended")
    return Signature(signed[len(pdf) :], certificate.subject, certificate.valid_until)


def _signed(pdf: bytes, certificate: Certificate) -> bytes:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 - as above
    from pyhanko.sign import PdfSignatureMetadata, sign_pdf  # noqa: PLC0415 - as above
    from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter  # noqa: PLC0415 - as above

    # PDF/UA wants a field without a place on the page to be hidden.
    unseen = InvisSigSettings(set_print_flag=False, set_hidden_flag=True)
    signed = sign_pdf(
        IncrementalPdfFileWriter(BytesIO(pdf)),
        PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES),
        signer=certificate.signer,
        new_field_spec=SigFieldSpec(FIELD, invis_sig_settings=unseen, readable_field_name=certificate.subject),
    )
    content: bytes = signed.getvalue()
    return content
