"""What is posted from the page of a list: rows field by field, and lines pasted from a spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from werkzeug.datastructures import MultiDict

from questionnaires.lists import YES, TypedRow, paste
from questionnaires.model import CountedList

_FIELD: Final = re.compile(r"r(\d{1,4})\.([a-z0-9_.]{1,80})", re.ASCII)


def read_posted(of: CountedList, posted: MultiDict[str, str]) -> list[TypedRow]:
    """Return the rows as typed, in their order, and after them those that were pasted."""
    cells: dict[int, dict[str, str]] = {}
    for name, value in posted.items():
        if field := _FIELD.fullmatch(name):
            cells.setdefault(int(field[1]), {})[field[2]] = " ".join(value.split())
    typed = [_row(of, cells[number]) for number in sorted(cells)]
    return [one for one in typed if not one.is_blank] + paste(of, posted.get("lines", ""))


def _row(of: CountedList, cells: Mapping[str, str]) -> TypedRow:
    marks = {column.fact.id: YES.zh for column in of.marks if cells.get(column.fact.id)}
    return TypedRow(cells.get("name", ""), cells.get("detail", ""), cells.get("count", ""), marks)
