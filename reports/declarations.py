"""The declarations of the C libraries that the renderer calls, prepared so that they need no reading.

The renderer reads them at each start with a parser of C: a tenth of a second for every report. `python -m
reports.declarations` writes them once, at set-up, in the form in which the bridge to C wants them. What is missing or
was made from other declarations is passed over, and they are read as before: slower, to the same bytes.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from reports.less_work import MADE_FOR

FOLDER = Path(__file__).with_name(".prepared")
PREPARED = FOLDER / "declarations"  # Python, but no part of the product


@cache
def renderer_is_known() -> bool:
    """Tell, before it is imported, whether the installed renderer is the one whose inside is known here."""
    folder, (renderer, writer) = _folder(), MADE_FOR
    wanted = (f"weasyprint-{renderer}.dist-info", f"pydyf-{writer}.dist-info")
    return folder is not None and all((folder.parent / name).exists() for name in wanted)


def _folder() -> Path | None:
    renderer = find_spec("weasyprint")
    return Path(renderer.origin).parent if renderer and renderer.origin else None


@cache
def prepared() -> ModuleType | None:
    """Return what stands for cffi and gives the prepared declarations; None where they are not the renderer's."""
    if not renderer_is_known():
        return None
    declared = ModuleType("prepared_declarations")
    vars(declared)["opened"] = lambda name, library: _FontList(library) if "fontconfig" in name else library
    try:
        SourceFileLoader(declared.__name__, str(PREPARED)).exec_module(declared)
    except (OSError, SyntaxError):
        return None
    if getattr(declared, "MADE_FROM", None) != _made_from():
        return None
    cffi = ModuleType("cffi")
    vars(cffi)["FFI"] = lambda: declared.ffi
    return cffi


class _FontList:
    """Fontconfig that reads its list of fonts once: the renderer asks to see that there is one, and again to use it."""

    def __init__(self, library: Any) -> None:
        self._library, self._was_asked = library, False
        self._kept: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._library, name)

    def FcInitLoadConfigAndFonts(self) -> Any:  # noqa: N802  # its own name
        if self._kept:
            return self._kept.pop()
        fonts = self._library.FcInitLoadConfigAndFonts()
        if not self._was_asked:
            self._kept, self._was_asked = [fonts], True
        return fonts

    @property
    def FcConfigDestroy(self) -> Any:  # noqa: N802  # its own name
        return _leave if self._kept else self._library.FcConfigDestroy


def _leave(fonts: Any) -> None:
    """Do nothing with what is kept."""


def _made_from() -> tuple[str, str]:
    """Return the version of the bridge to C and the file in which the renderer declares what it calls."""
    folder = _folder()
    assert folder is not None  # asked for, or imported, before
    return import_module("_cffi_backend").__version__, (folder / "text" / "ffi.py").read_text("utf-8")


DECLARED = """

class Declared(_cffi_backend.FFI):
    def cdef(self, declarations):
        pass  # they are here

    def dlopen(self, name, flags):
        return opened(name, super().dlopen(name, flags))


ffi = Declared("""


def prepare() -> None:
    """Write the declarations of the installed renderer so that they need no reading; compile them and this room.

    As the renderer is imported, fontconfig writes its lists. Whoever prints later may not be allowed to write here.
    """
    import compileall  # noqa: PLC0415  # needed only at set-up
    import py_compile  # noqa: PLC0415  # as above

    from reports.pdf import use_small_fonts  # noqa: PLC0415  # as above

    use_small_fonts()
    from weasyprint.text.ffi import ffi  # noqa: PLC0415  # the web process imports this file without the renderer

    FOLDER.mkdir(exist_ok=True)
    ffi.set_source("prepared", None)
    ffi.emit_python_code(str(PREPARED))
    written = PREPARED.read_text("utf-8").replace("\nffi = _cffi_backend.FFI(", DECLARED)
    PREPARED.write_text(f"{written}\nMADE_FROM = {_made_from()!r}\n", "utf-8")
    py_compile.compile(str(PREPARED), doraise=True)
    compileall.compile_dir(Path(__file__).parent, maxlevels=0, quiet=1)


if __name__ == "__main__":
    prepare()
