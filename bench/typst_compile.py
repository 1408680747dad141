"""Compile typst source to PDF/UA-1: a process of its own, as light as the binding allows."""

from __future__ import annotations

import sys
from pathlib import Path

import typst

FONTS = Path(__file__).resolve().parent.parent / "reports" / ".fonts"


def compiler() -> typst.Compiler:
    """Return a compiler that knows the small fonts and no others, as little as it could have to read."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True)


def compile_source(one: typst.Compiler, source: bytes) -> bytes:
    """Return the PDF of the source."""
    made = one.compile(input=source, format="pdf", pdf_standards="ua-1", timestamp=0)
    assert isinstance(made, bytes)
    return made


if __name__ == "__main__":
    sys.stdout.buffer.write(compile_source(compiler(), sys.stdin.buffer.read()))
