"""The certificate of an installation: refused in words when it is no good, and what it signs is whole."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from io import BytesIO

import pymupdf
import pytest
from pyhanko.pdf_utils.generic import NameObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pypdf import PdfReader

from app.certificate import CertificateFault, Expired, NotSigned, load_certificate, sign
from app.reporting.printing import pages_in
from app.settings import Settings, SettingsError
from reports.pdf import to_pdf
from tests.certificates import PASSPHRASE, WHO, certificate_file, validated

PAGES = "<p style='break-after:page'>甲</p><p style='break-after:page'>乙</p><p>丙</p>"
KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture(scope="module")
def pdf() -> bytes:
    """Three pages as the real renderer makes them."""
    return to_pdf(f"<html lang='zh-CN'><head><title>题</title></head><body><h1>报告</h1>{PAGES}</body></html>")


@pytest.fixture(params=["rsa", "ec"])
def certificate(request, tmp_path):
    return load_certificate(certificate_file(tmp_path, kind=request.param), PASSPHRASE)


def test_a_signed_file_is_intact_covered_as_a_whole_and_of_the_kind_that_pades_asks_for(pdf, certificate):
    signed = pdf + sign(pdf, certificate).appended
    signature, status = validated(signed, certificate)

    assert (status.intact, status.valid, status.trusted) == (True, True, True)
    assert status.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert status.timestamp_validity is None


def test_any_changed_byte_of_what_was_signed_shows(pdf, certificate):
    signed = bytearray(pdf + sign(pdf, certificate).appended)
    place = signed.index(b"/FlateDecode") + 1  # stays a PDF that can be read, and is another one
    signed[place : place + 2] = b"FL"
    _signature, status = validated(bytes(signed), certificate)

    assert not status.intact


def test_what_is_appended_later_is_not_covered(pdf, certificate):
    more, written = IncrementalPdfFileWriter(BytesIO(pdf + sign(pdf, certificate).appended)), BytesIO()
    more.add_object(NameObject("/Marker"))
    more.write(written)
    signature = PdfFileReader(written).embedded_signatures[0]

    assert signature.evaluate_signature_coverage() is not SignatureCoverageLevel.ENTIRE_FILE


def test_pages_tags_and_metadata_stay_and_the_field_is_hidden(pdf, certificate):
    signed = pdf + sign(pdf, certificate).appended
    document = pymupdf.open(stream=signed, filetype="pdf")
    catalogue = document.xref_object(document.pdf_catalog())

    assert (pages_in(pdf), pages_in(signed), document.page_count) == (3, 3, 3)
    assert 'pdfuaid:part="1"' in document.get_xml_metadata()
    assert document.metadata["title"] == "题"
    assert "/StructTreeRoot" in catalogue
    assert "/Lang" in catalogue
    hidden, locked = 2, 128  # PDF/UA asks for it where a field has no place on the page
    assert PdfReader(BytesIO(signed)).pages[0]["/Annots"][-1].get_object()["/F"] == hidden + locked
    document.close()


def test_a_signature_says_whose_it_is_and_until_when(pdf, certificate):
    made = sign(pdf, certificate)

    assert (made.subject, made.valid_until) == (WHO, certificate.valid_until)


def test_what_is_no_pdf_is_not_signed(certificate):
    with pytest.raises(NotSigned):
        sign(b"%PDF-1.7 printed", certificate)


def test_nothing_is_signed_after_the_last_day(pdf, certificate, monkeypatch):
    class Later:
        @staticmethod
        def now(_zone):
            return certificate.valid_until + timedelta(seconds=1)

    monkeypatch.setattr("app.certificate.datetime", Later)
    with pytest.raises(Expired):
        sign(pdf, certificate)


# --- what a start refuses --------------------------------------------------------------------------------------------


def start(path, passphrase):
    env = {"SECRET_KEY": KEY, "DATABASE_URL": "sqlite://", "ZHIZHEN_CERTIFICATE": str(path)}
    return Settings.from_env(env | {"ZHIZHEN_CERTIFICATE_PASSPHRASE": passphrase})


def test_a_start_reads_the_certificate_and_never_shows_the_passphrase(tmp_path, caplog):
    with caplog.at_level(logging.DEBUG):
        settings = start(certificate_file(tmp_path), PASSPHRASE)

    assert settings.certificate.subject == WHO
    assert PASSPHRASE not in repr(settings) + caplog.text


def test_a_certificate_without_a_passphrase_is_read_as_well(tmp_path):
    assert start(certificate_file(tmp_path, passphrase=""), "").certificate.subject == WHO


@pytest.mark.parametrize("passphrase", ["wrong", "", "错"])
def test_a_wrong_passphrase_is_refused_without_naming_it(tmp_path, passphrase):
    with pytest.raises(SettingsError, match=r"口令不对.*passphrase is wrong") as refused:
        start(certificate_file(tmp_path), passphrase)

    assert PASSPHRASE not in str(refused.value)
    assert not passphrase or f"“{passphrase}”" not in str(refused.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(SettingsError, match=r"读不到证书文件.*none\.p12.*cannot be read"):
        start(tmp_path / "none.p12", PASSPHRASE)


def test_a_file_that_is_no_certificate_is_refused(tmp_path):
    (tmp_path / "text.p12").write_text("no certificate", encoding="utf-8")
    with pytest.raises(SettingsError, match="不是带私钥的 PKCS#12 文件"):
        start(tmp_path / "text.p12", PASSPHRASE)


@pytest.mark.parametrize(("begins", "ends"), [(-30, -1), (1, 30)])
def test_a_certificate_that_is_not_valid_today_is_refused(tmp_path, begins, ends):
    with pytest.raises(SettingsError, match=r"不在有效期内.*is not valid now"):
        start(certificate_file(tmp_path, begins, ends), PASSPHRASE)


def test_the_fault_does_not_carry_the_words_of_the_library(tmp_path):
    with pytest.raises(CertificateFault) as refused:
        load_certificate(certificate_file(tmp_path), "wrong")

    assert refused.value.__cause__ is None


def test_two_signatures_of_one_file_end_differently_but_leave_it_as_it_is(pdf, certificate):
    first, second = sign(pdf, certificate), sign(pdf, certificate)

    assert hashlib.sha256(pdf + first.appended).digest() != hashlib.sha256(pdf).digest()
    assert (pdf + first.appended)[: len(pdf)] == (pdf + second.appended)[: len(pdf)] == pdf
