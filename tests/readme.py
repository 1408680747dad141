"""Reads the two READMEs as tests need them: sections, tables, code blocks, and what stands between backticks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
BOTH = ("README.md", "README.zh-CN.md")


def text(name: str) -> str:
    """Return a document of the product's folder."""
    return (ROOT / name).read_text(encoding="utf-8")


def headings(name: str) -> list[tuple[int, str]]:
    """Return every heading as (depth, words); a # in a code block is none."""
    found = re.findall(r"^(#+) (.+)$", prose(name), flags=re.MULTILINE)
    return [(len(signs), words) for signs, words in found]


def blocks(name: str, language: str | None = None) -> list[str]:
    """Return what stands in the code blocks, in order; only those in `language` when one is given."""
    found = re.findall(r"^```(\w*)\n(.*?)^```$", text(name), flags=re.MULTILINE | re.DOTALL)
    return [code for its_language, code in found if language in (None, its_language)]


def prose(name: str) -> str:
    """Return the document without its code blocks."""
    return re.sub(r"^```.*?^```$", "", text(name), flags=re.MULTILINE | re.DOTALL)


def tables(name: str) -> list[list[list[str]]]:
    """Return every table as rows of cells, its heading row first, the line of dashes left out."""
    found = re.findall(r"(?:^\|.*\|\n)+", prose(name) + "\n", flags=re.MULTILINE)
    return [[_cells(line) for line in table.splitlines() if not set(line) <= set("|- ")] for table in found]


def table_with(name: str, first_cell: str) -> list[list[str]]:
    """Return the rows, without the heading row, of the one table whose first row begins with `first_cell`."""
    [found] = [table for table in tables(name) if table[1][0] == first_cell]
    return found[1:]


def quoted(cell: str) -> list[str]:
    """Return what stands between backticks."""
    return re.findall(r"`([^`]+)`", cell)


def paths(name: str) -> Iterator[str]:
    """Yield everything between backticks or behind a link that is written as a path in the product's folder."""
    links = (link for link in re.findall(r"\]\(([^)]+)\)", prose(name)) if "://" not in link)
    yield from (link.partition("#")[0] for link in links)
    yield from (word for word in quoted(prose(name)) if re.fullmatch(r"\.?[\w-][\w.-]*/([\w.-]+/?)*", word))


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]
