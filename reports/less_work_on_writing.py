"""The part of `less_work` that has to do with how a PDF is written: its numbers, its objects, where they stand."""

from __future__ import annotations

from math import ceil, log
from typing import Any, BinaryIO

PACKED, PLACED = b"\2", b"\1"  # kinds of objects in the table: inside another, on its own
NOTHING_BEFORE = 65535  # generation of the object with which every table begins


def leave_out() -> None:
    """Arrange it for this process."""
    _make_objects_plainly()
    _write_plain_kinds_first()
    _name_pages_once()
    _write_all_objects_at_once()
    _keep_to_the_end()


# --- objects ----------------------------------------------------------------------------------------------------------


def _make_objects_plainly() -> None:
    """Let an object be a dictionary or list of Python that is told where it stands only when it is known.

    Ten thousand of them are made for a report, and four facts about each were set that hold for all.
    """
    from pydyf import Array, Dictionary, Object  # type: ignore[import-untyped]  # noqa: PLC0415  # as in `less_work`

    Object.number, Object.offset, Object.generation, Object.free = None, 0, 0, "n"
    Object.__init__ = object.__init__
    Dictionary.__init__, Array.__init__ = dict.__init__, list.__init__
    Object.reference = property(lambda one: b"%d %d R" % (one.number, one.generation))
    Object.indirect = property(lambda one: b"%d %d obj\n%b\nendobj" % (one.number, one.generation, one.data))


def _write_plain_kinds_first() -> None:
    """Write text and numbers without asking first whether they are something else."""
    import pydyf  # noqa: PLC0415  # as above

    former, former_string = pydyf._to_bytes, pydyf.String.data.fget

    def to_bytes(item: Any) -> bytes:
        kind = type(item)
        if kind is bytes:
            return item  # type: ignore[no-any-return]  # mypy does not see that `kind` tells
        if kind is str:
            return item.encode("ascii")  # type: ignore[no-any-return]
        if kind is float:
            return b"%d" % item if item.is_integer() else (b"%f" % item).rstrip(b"0")
        if kind is int:
            return b"%d" % item
        written: bytes = item.data if isinstance(item, pydyf.Object) else former(item)
        return written

    def string(one: Any) -> bytes:
        text = one.string
        if type(text) is str and text.isascii():
            return b"(%b)" % text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode()
        written: bytes = former_string(one)
        return written

    pydyf._to_bytes = to_bytes
    pydyf.String.data = property(string)
    pydyf.Array.data = property(lambda all_: b"[%b]" % b" ".join([to_bytes(one) for one in all_]))
    pydyf.Dictionary.data = property(
        lambda named: b"<<%b>>" % b"".join([b"/%b %b" % (to_bytes(key), to_bytes(one)) for key, one in named.items()])
    )


def _name_pages_once() -> None:
    """Write the names of all pages once, not once for each of six thousand tags."""
    from pydyf import PDF  # noqa: PLC0415  # as above

    names = PDF.page_references.fget

    def page_references(pdf: Any) -> tuple[bytes, ...]:
        kept: tuple[bytes, ...] = vars(pdf).get("names_of_pages", ())
        if len(kept) != pdf.pages["Count"]:
            kept = vars(pdf)["names_of_pages"] = names(pdf)
        return kept

    PDF.page_references = property(page_references)


# --- the file ---------------------------------------------------------------------------------------------------------


def _write_all_objects_at_once() -> None:
    """Write each object once, in one pass, and the table of their places in another."""
    from pydyf import PDF, _to_bytes  # noqa: PLC0415  # as above

    former = PDF.write

    def write(
        pdf: Any, output: BinaryIO, version: Any = b"1.7", identifier: Any = False, compress: bool = False
    ) -> None:
        named = _to_bytes(version or b"1.7")
        if compress and named >= b"1.5" and not identifier:
            _write(pdf, output, named)
        else:
            former(pdf, output, version, identifier, compress)

    PDF.write = write


def _write(pdf: Any, output: BinaryIO, version: bytes) -> None:
    from pydyf import Stream  # noqa: PLC0415  # as above

    _KEPT.append(pdf)
    if pdf.info:
        pdf.add_object(pdf.info)
    pdf.write_line(b"%PDF-" + version, output)
    pdf.write_line(b"%\xf0\x9f\x96\xa4", output)
    packed = [one for one in pdf.objects[1:] if not isinstance(one, Stream)]
    together = _together(packed)
    for one in pdf.objects[1:]:
        if isinstance(one, Stream):
            _place(pdf, one, output)
    _add(pdf, together, output)
    _add(pdf, _table(pdf, together, len(packed)), output)
    pdf.xref_position = pdf.objects[-1].offset
    for line in (b"startxref", b"%d" % pdf.xref_position, b"%%EOF"):
        pdf.write_line(line, output)


def _add(pdf: Any, one: Any, output: BinaryIO) -> None:
    pdf.add_object(one)
    _place(pdf, one, output)


def _place(pdf: Any, one: Any, output: BinaryIO) -> None:
    one.offset = pdf.current_position
    pdf.write_line(one.indirect, output)


def _together(packed: list[Any]) -> Any:
    """Return one stream that holds the given objects, with their numbers and where each begins at its head."""
    from pydyf import Stream  # noqa: PLC0415  # as above

    written, head, begins = [one.data for one in packed], [], 0
    for one, data in zip(packed, written, strict=True):
        head.append(b"%d %d" % (one.number, begins))
        begins += len(data) + 1
    first = b" ".join(head)
    return Stream([first, *written], {"Type": "/ObjStm", "N": len(packed), "First": len(first) + 1}, compress=True)


def _table(pdf: Any, together: Any, count: int) -> Any:
    """Return the table that says where each object is; itself it is the last one."""
    from pydyf import Array, Stream  # noqa: PLC0415  # as above

    here = pdf.current_position
    wide, narrow = ceil(log(here + 1, 256)), ceil(log(max(NOTHING_BEFORE, count) + 1, 256))
    inside, alone, rows, index = PACKED + together.number.to_bytes(wide, "big"), bytes(narrow), [], 0
    rows.append(bytes(1 + wide) + NOTHING_BEFORE.to_bytes(narrow, "big"))
    for one in pdf.objects[1:]:
        if isinstance(one, Stream):
            rows.append(PLACED + one.offset.to_bytes(wide, "big") + alone)
        else:
            rows.append(inside + index.to_bytes(narrow, "big"))
            index += 1
    rows.append(PLACED + here.to_bytes(wide, "big") + alone)
    named = {"Type": "/XRef", "Index": Array((0, len(rows))), "W": Array((1, wide, narrow)), "Size": len(rows)}
    named |= {"Root": pdf.catalog.reference} | ({"Info": pdf.info.reference} if pdf.info else {})
    return Stream([b"".join(rows)], named, compress=True)


def _keep_to_the_end() -> None:
    """Do not take a document apart when it has been written: its process ends, or prints another in its place."""
    from weasyprint.document import Document  # noqa: PLC0415  # as above

    former = Document.write_pdf

    def write_pdf(document: Any, *given: Any, **named: Any) -> Any:
        _KEPT[:] = [document]
        return former(document, *given, **named)

    Document.write_pdf = write_pdf


_KEPT: list[Any] = []  # the last document, what is written of it, and nothing of those before
