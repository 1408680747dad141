"""One firm with two workshops and its diagnosis, its manager before a browser, and workbooks to fill in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_login import login_user
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from app.accounts.models import User
from app.diagnosis.draft import Draft, read_draft
from app.diagnosis.models import Diagnosis
from app.diagnosis.service import may_tailor
from app.extensions import db
from app.firms.models import Firm
from app.workbooks import service
from app.workbooks.cells import Cell
from app.workbooks.origin import origin_of, seal
from app.workbooks.reader import FilledBook, FilledRow, read_book
from app.workbooks.reading import Reading
from app.workbooks.workbook_file import read_workbook
from tests.factories import make_diagnosis, make_firm, make_user, parts_of, sign_in

LETTERS = {"answer": "F", "unknown": "G", "absent": "H"}


class Filled:
    """A workbook as it was read, with some of its cells filled: without the detour over a file."""

    def __init__(self, book: FilledBook) -> None:
        self.sheets = list(book.sheets)

    def fill(self, key: str, **cells: object) -> None:
        """Put values, or whole cells, into a row."""
        for place, sheet in enumerate(self.sheets):
            if any(row.key == key for row in sheet.rows):
                rows = tuple(_with_cells(row, cells) if row.key == key else row for row in sheet.rows)
                self.sheets[place] = replace(sheet, rows=rows)
                return
        raise LookupError(key)

    def keep_sheets_of(self, keys: Iterable[str]) -> None:
        """Take out the sheets that have none of these rows."""
        wanted = set(keys)
        self.sheets = [sheet for sheet in self.sheets if any(row.key in wanted for row in sheet.rows)]

    def book(self) -> FilledBook:
        return FilledBook(tuple(self.sheets), ())


def _with_cells(row: FilledRow, cells: dict[str, object]) -> FilledRow:
    made = {code: value if isinstance(value, Cell) else Cell(value) for code, value in cells.items()}
    return replace(row, cells={**row.cells, **made})


class Filling:
    """A workbook on somebody's machine: cells are found by whose fact they are about."""

    def __init__(self, content: bytes) -> None:
        self.book = load_workbook(BytesIO(content))

    def place(self, key: str) -> tuple[Worksheet, int]:
        """Return the sheet and the row with this hidden key."""
        for sheet in self.book.worksheets:
            for (cell,) in sheet.iter_rows(max_col=1):
                if cell.value == key:
                    return sheet, cell.row
        raise LookupError(key)

    def fill(self, key: str, answer: object = None, **others: object) -> str:
        """Write into the cells of a row; return the address of the answer as messages give it."""
        sheet, row = self.place(key)
        for code, value in {"answer": answer, **others}.items():
            sheet[f"{LETTERS[code]}{row}"].value = value
        return f"“{sheet.title}”表 F{row}"

    def content(self) -> bytes:
        held = BytesIO()
        self.book.save(held)
        return held.getvalue()


@pytest.fixture
def firm(flask_app: Flask) -> Firm:
    return make_firm(flask_app, {"一工厂": ("冲压车间", "焊装车间")}, name="示例山城零部件厂")


@pytest.fixture
def keys(flask_app: Flask, firm: Firm) -> dict[str, str]:
    """The subject keys of the factory and the workshops by their names."""
    return {name: str(identity) for name, identity in parts_of(flask_app, firm).items()}


@pytest.fixture
def manager(flask_app: Flask, firm: Firm) -> User:
    return make_user(flask_app, firm_id=firm.id, name="王某")


@pytest.fixture
def browser(client: FlaskClient, manager: User) -> FlaskClient:
    """A browser in which the firm's manager is signed in."""
    sign_in(client, manager)
    return client


@pytest.fixture
def at_work(flask_app: Flask, manager: User) -> Iterator[User]:
    """The firm's manager, signed in, in a request of her own."""
    with flask_app.test_request_context():
        login_user(manager)
        yield manager


@pytest.fixture
def draft_of(flask_app: Flask, firm: Firm, at_work: User) -> Callable[..., Draft]:
    """Read a diagnosis with these answers."""

    def read(answers: dict[Any, Any] | None = None, seen: int | None = None) -> Draft:
        made = make_diagnosis(flask_app, firm, answers)
        db.session.rollback()
        return read_draft(db.session.get_one(Diagnosis, made.id), seen)

    return read


@pytest.fixture
def downloaded(at_work: User) -> Callable[[Draft], Filling]:
    """Download the workbook of a diagnosis."""

    def download(draft: Draft) -> Filling:
        return Filling(service.workbook_of(at_work, draft.diagnosis.id)[1])

    return download


@pytest.fixture
def filled_of(at_work: User, keys: dict[str, str]) -> Callable[[Draft], Filled]:
    """Return the workbook of a diagnosis as it would be read if nobody had touched it."""

    def filled(draft: Draft) -> Filled:
        if draft.kept:
            return Filled(read_book(service.workbook_of(at_work, draft.diagnosis.id)[1]))
        if not _blank:  # the blank one is written and read once: it is the same for all but for what stands hidden
            _blank.append((keys, read_book(service.workbook_of(at_work, draft.diagnosis.id)[1])))
        of, book = _blank[0]
        return _for_another(draft, book, {of[name]: key for name, key in keys.items()})

    return filled


_blank: list[tuple[dict[str, str], FilledBook]] = []


def _for_another(draft: Draft, book: FilledBook, keys: dict[str, str]) -> Filled:
    token = seal(origin_of(draft.diagnosis))

    def rekeyed(row: FilledRow) -> FilledRow:
        subject, blank, rest = row.key.partition(" ")
        return replace(row, key=keys.get(subject, subject) + blank + rest)

    sheets = (replace(sheet, token=token, rows=tuple(map(rekeyed, sheet.rows))) for sheet in book.sheets)
    return Filled(FilledBook(tuple(sheets), ()))


@pytest.fixture
def read_back(at_work: User) -> Callable[[Draft, FilledBook], Reading]:
    """Read a workbook for a diagnosis."""

    def read(draft: Draft, book: FilledBook) -> Reading:
        return read_workbook(book, draft, may_tailor(draft))

    return read
