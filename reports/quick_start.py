"""What a process that prints one report does before its first page, made short.

The renderer imports libraries for what a report never asks of it (fetching, photographs, fonts from the web), and reads
the declarations of the C libraries anew at each start. Here such a library is imported when something of it is first
used, and `python -m reports.quick_start` prepares the declarations once, at set-up. A prepared file that is missing or
was made from other declarations is passed over, and they are read as before: slower, to the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from importlib.machinery import SourceFileLoader
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from reports.less_work import MADE_FOR

FOLDER = Path(__file__).with_name(".prepared")
DECLARATIONS = FOLDER / "declarations"  # Python, but no part of the product
# What the renderer imports and few reports use. The last two cut fonts, 15 MB of code; HarfBuzz cuts all of ours.
LATER = (
    "PIL.EpsImagePlugin", "PIL.Image", "PIL.ImageCms", "PIL.ImageFile", "PIL.ImageOps", "email.message",
    "fontTools.ttLib", "mimetypes", "pyphen", "shutil", "tempfile", "tinyhtml5", "traceback",
    "uuid",
)  # fmt: skip
NEVER = ("fontTools", "fontTools.subset", "fontTools.varLib.instancer", "urllib.request")


class NoOpener:
    """What the renderer has in place of Python's opener of addresses: it opens none."""

    def add_handler(self, handler: object) -> None:
        """Take no way to open an address."""

    def open(self, address: object, *_given: object, **_named: object) -> None:
        """Refuse to open an address."""
        raise ValueError(f"a report fetches nothing: {str(address)[:80]}")


@cache
def is_known() -> bool:
    """Tell, before it is imported, whether the installed renderer is the one whose inside is known here."""
    packages = _folder().parent
    installed = zip(("weasyprint", "pydyf"), MADE_FOR, strict=True)
    return all((packages / f"{name}-{version}.dist-info").exists() for name, version in installed)


def _folder() -> Path:
    renderer = find_spec("weasyprint")
    assert renderer is not None
    assert renderer.origin is not None
    return Path(renderer.origin).parent


@contextmanager
def arriving() -> Iterator[None]:
    """Let the renderer be imported without what reports hardly use, and with the prepared declarations."""
    if not is_known():
        yield
        return
    put = {name: one for name, one in _stand_ins().items() if name not in sys.modules}
    sys.modules.update(put)
    _Later.arriving = True
    try:
        yield
    finally:
        _Later.arriving = False
        for name in put:
            del sys.modules[name]


def _stand_ins() -> dict[str, ModuleType]:
    later = {name: _Later(name) for name in (*LATER, *NEVER)}
    vars(later["urllib.request"])["OpenerDirector"] = NoOpener
    vars(later["fontTools"])["subset"] = later["fontTools.subset"]
    vars(later["pyphen"])["language_fallback"] = _hyphenated
    others = {"importlib.resources": _resources(), "hashlib": _digests(), "cffi": prepared()}
    return later | {name: one for name, one in others.items() if one}


# --- libraries that are imported when they are first used -------------------------------------------------------------


class _Later(ModuleType):
    """Stands for a module until something of it is used."""

    arriving = False  # what is taken from a module while the renderer is imported is not used yet
    standing: ClassVar[dict[str, _Later]] = {}
    module: ModuleType | None
    settings: dict[str, Any]

    def __init__(self, name: str) -> None:
        super().__init__(name)
        vars(self).update(settings={}, module=None)
        _Later.standing[name] = self

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Promise(self, lambda: self._taken(name)) if _Later.arriving else getattr(self.true(), name)

    def __setattr__(self, name: str, value: Any) -> None:
        self.settings[name] = value

    def true(self) -> ModuleType:
        """Import the module and put it, and what was taken from it, in place of what stands for them."""
        module = self.module or import_module(self.__name__)
        if self.module is None:
            vars(self)["module"] = module
            package = self.__name__.partition(".")[0]
            for other in _Later.standing.values():
                if other.settings and other.__name__.startswith(package):  # holds for the package as a whole
                    vars(other.true()).update(other.settings)
            _put_in_place(self)
        return module

    def _taken(self, name: str) -> Any:
        module = self.true()
        return getattr(module, name) if hasattr(module, name) else import_module(f"{self.__name__}.{name}")


class _Promise:
    """Stands for what is taken from a module: a class, a function, or what a call of it returns."""

    def __init__(self, of: _Later, make: Callable[[], Any]) -> None:
        self._of, self._make, self._made = of, make, False

    def true(self) -> Any:
        if not self._made:
            self._value, self._made = self._make(), True
        return self._value

    def __call__(self, *given: Any, **named: Any) -> Any:
        if _Later.arriving:
            return _Promise(self._of, lambda: self.true()(*given, **named))
        return self.true()(*given, **named)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.true(), name)

    def __instancecheck__(self, one: object) -> bool:
        return isinstance(one, self.true())


def _put_in_place(later: _Later) -> None:
    for holder in [one for name, one in sys.modules.items() if name.startswith("weasyprint")]:
        for name, value in list(vars(holder).items()):
            if value is later or (isinstance(value, _Promise) and value._of is later):
                setattr(holder, name, value.true())


def settle() -> None:
    """Import now what a report may use: for a process that prints many, one after another."""
    for name in LATER:
        if name in _Later.standing:
            _Later.standing[name].true()


def _resources() -> ModuleType:
    """Return what finds the renderer's own style sheets, which lie beside its modules, in place of a whole library."""

    def files(package: ModuleType | str) -> Path:
        module = sys.modules[package] if isinstance(package, str) else package
        return Path(module.__file__ or "").parent

    resources = ModuleType("importlib.resources")
    vars(resources)["files"] = files
    return resources


def _hyphenated(language: str) -> str | None:
    """Name the language whose dictionary divides words; without looking where it is Chinese, which has none."""
    if language.lower().startswith("zh"):
        return None
    found: str | None = _Later.standing["pyphen"].true().language_fallback(language)
    return found


def _digests() -> ModuleType | None:
    """Return Python's own MD5, the only digest the renderer takes, without OpenSSL's libraries; None where it lacks."""
    try:
        md5 = import_module("_md5").md5  # CPython may be built without
    except ImportError:
        return None
    digests = ModuleType("hashlib")
    vars(digests)["md5"] = md5
    return digests


# --- declarations of the C libraries ----------------------------------------------------------------------------------


@cache
def prepared() -> ModuleType | None:
    """Return what stands for cffi and gives the prepared declarations; None where they are not the renderer's."""
    if not is_known():
        return None
    declared = ModuleType("reports.declarations")
    vars(declared)["opened"] = lambda name, library: _FontList(library) if "fontconfig" in name else library
    try:
        SourceFileLoader(declared.__name__, str(DECLARATIONS)).exec_module(declared)
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
        self._library = library
        self._kept: list[Any] = []

    def __getattr__(self, name: str) -> Any:
        if name == "FcConfigDestroy" and _Later.arriving:
            return lambda kept: None
        return getattr(self._library, name)

    def FcInitLoadConfigAndFonts(self) -> Any:  # noqa: N802  # its own name
        fonts = self._kept.pop() if self._kept else self._library.FcInitLoadConfigAndFonts()
        if _Later.arriving:
            self._kept.append(fonts)
        return fonts


def _made_from() -> tuple[str, str]:
    """Return the version of the bridge to C and the file in which the renderer declares what it calls."""
    return import_module("_cffi_backend").__version__, (_folder() / "text" / "ffi.py").read_text("utf-8")


DECLARED = """

class Declared(_cffi_backend.FFI):
    def cdef(self, declarations):
        pass  # they are here

    def dlopen(self, name, flags):
        return opened(name, super().dlopen(name, flags))


ffi = Declared("""


def prepare() -> None:
    """Write the declarations of the installed renderer so that they need no reading; compile them and this room."""
    import compileall  # noqa: PLC0415  # needed only at set-up
    import py_compile  # noqa: PLC0415  # as above

    from weasyprint.text.ffi import ffi  # noqa: PLC0415  # the web process imports this file without the renderer

    FOLDER.mkdir(exist_ok=True)
    ffi.set_source("prepared", None)
    ffi.emit_python_code(str(DECLARATIONS))
    written = DECLARATIONS.read_text("utf-8").replace("\nffi = _cffi_backend.FFI(", DECLARED)
    DECLARATIONS.write_text(f"{written}\nMADE_FROM = {_made_from()!r}\n", "utf-8")
    py_compile.compile(str(DECLARATIONS), doraise=True)
    # Whoever prints may not be allowed to write here.
    compileall.compile_dir(Path(__file__).parent, maxlevels=0, quiet=1)


if __name__ == "__main__":
    prepare()
