"""The part of `less_work` that has to do with declarations in C.

Every list of glyphs that a font is cut to has a type of its own, `hb_codepoint_t[735]`, and cffi reads each new one
with a parser of C, in three milliseconds. A list without a length in its name has the same letters in memory.
"""

from __future__ import annotations

import re
from typing import Any

LENGTH = re.compile(r"(\w+)\[(\d+)\]")


class _Declared:
    """Stands for cffi where fonts are cut."""

    def __init__(self, ffi: Any) -> None:
        self._ffi = ffi

    def __getattr__(self, name: str) -> Any:
        return getattr(self._ffi, name)

    def new(self, declared: str, *values: Any) -> Any:
        """Make room for what is declared, with values or without."""
        array = LENGTH.fullmatch(declared)
        if array is None:
            return self._ffi.new(declared, *values)
        kind, length = array.groups()
        listed = len(values) == 1 and isinstance(values[0], list | tuple) and len(values[0]) == int(length)
        if listed or not values:
            return self._ffi.new(f"{kind}[]", *(values or (int(length),)))
        return self._ffi.new(declared, *values)


def leave_out() -> None:
    """Arrange it for this process."""
    from weasyprint.pdf import fonts  # noqa: PLC0415

    fonts.ffi = _Declared(fonts.ffi)
