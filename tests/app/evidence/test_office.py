"""What must not be inside an Office file: bombs, programs, locks."""

from __future__ import annotations

import struct
from io import BytesIO
from zipfile import ZIP_BZIP2, ZipFile

import pytest

from app.evidence import office
from app.evidence.kinds import Faulty, Kind, WrongKind
from tests.app.evidence import samples as made

pytestmark = pytest.mark.usefixtures("speaking")


def kind_of(content: bytes) -> Kind:
    return (office.kind_of_compound if content.startswith(office.COMPOUND) else office.kind_of_package)(
        BytesIO(content)
    )


def test_a_zip_bomb_that_calls_itself_a_document_is_refused_without_being_unpacked():
    bomb = made.package(more={"word/media/image1.png": bytes(300 * 1024 * 1024)})

    assert len(bomb) < 400_000
    with pytest.raises(Faulty, match="解开后有 300 MB"):
        kind_of(bomb)


def test_a_bomb_that_lies_about_its_size_is_broken():
    bomb = made.package(more={"word/media/image1.png": bytes(1024 * 1024)})
    lying = bomb.replace(struct.pack("<I", 1024 * 1024), struct.pack("<I", 1000))

    assert lying != bomb
    with pytest.raises(Faulty, match="文件不完整或已损坏"):
        kind_of(lying)


def test_ten_thousand_parts_are_too_many(monkeypatch):
    monkeypatch.setattr(office, "MOST_PARTS", 5)

    with pytest.raises(Faulty, match="7 个部分"):
        kind_of(made.package(more={f"word/{number}.xml": b"x" for number in range(5)}))


@pytest.mark.parametrize(
    "content",
    [
        made.package("application/vnd.ms-word.document.macroEnabled.main+xml"),
        made.package(more={"word/vbaProject.bin": b"x"}),
        made.compound("WordDocument", storages=("Macros",)),
        made.compound("Workbook", storages=("_VBA_PROJECT_CUR",)),
    ],
)
def test_programs_inside_a_document_are_refused(content):
    with pytest.raises(Faulty, match="文件里有宏"):
        kind_of(content)


def test_what_only_a_password_opens_is_refused_because_nobody_could_read_it():
    locked = bytearray(made.package())
    locked[locked.index(b"PK\x01\x02") + 8] |= 1

    for content in (bytes(locked), made.compound("EncryptedPackage", "EncryptionInfo")):
        with pytest.raises(Faulty, match="密码保护"):
            kind_of(content)


def test_a_package_that_names_a_document_and_has_none_is_an_archive():
    with pytest.raises(WrongKind, match=r"\.zip"):
        kind_of(made.archive({"[Content_Types].xml": made.DOCUMENT.encode(), "a.txt": b"x"}))


def test_a_damaged_part_is_found():
    whole = made.package(more={"word/media/a.bin": bytes(range(256)) * 40})
    place = whole.index(b"word/media/a.bin") + len(b"word/media/a.bin") + 100

    with pytest.raises(Faulty, match="已损坏"):
        kind_of(whole[:place] + b"\x00\xff\x00" + whole[place + 3 :])


def test_a_way_of_packing_that_documents_do_not_use_is_refused():
    written = BytesIO()
    with ZipFile(written, "w", ZIP_BZIP2) as package:
        package.writestr("[Content_Types].xml", made.DOCUMENT)
        package.writestr("word/document.xml", "<main/>")

    with pytest.raises(Faulty):
        kind_of(written.getvalue())


def test_an_endless_directory_is_read_to_an_end():
    looped = bytearray(made.compound("WordDocument"))
    looped[512 + 4 : 512 + 8] = struct.pack("<I", 1)  # the directory goes on with itself

    assert kind_of(bytes(looped)) is Kind.OLD_WORD
