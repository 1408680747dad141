"""What a process that prints one report does before its first page, made short.

The renderer imports libraries for what a report never asks of it: fetching, photographs, fonts from the web. Here such
a library is imported when something of it is first used, and `declarations` are taken as set-up has prepared them.
With another version of the renderer everything is imported as it wants: slower, to the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

from reports import declarations

# What the renderer imports and few reports use.
LATER = (
    "PIL.EpsImagePlugin", "PIL.Image", "PIL.ImageCms", "PIL.ImageFile", "PIL.ImageOps", "email.message",
    "fontTools.ttLib", "mimetypes", "pyphen", "shutil", "tempfile", "tinyhtml5", "traceback", "uuid",
)  # fmt: skip
# What fetches, which nothing may, and what cuts fonts, 15 MB of code: HarfBuzz cuts all of ours.
NEVER = ("fontTools", "fontTools.subset", "fontTools.varLib.instancer", "urllib.request")


class NoOpener:
    """What the renderer has in place of Python's opener of addresses: it opens none."""

    def add_handler(self, handler: object) -> None:
        """Take no way to open an address."""

    def open(self, address: object, *_given: object, **_named: object) -> None:
        """Refuse to open an address."""
        raise ValueError(f"a report fetches nothing: {str(address)[:80]}")


@contextmanager
def arriving() -> Iterator[None]:
    """Let the renderer be imported without what reports hardly use, and with the prepared declarations."""
    if not declarations.renderer_is_known():
        yield
        return
    put = {name: one for name, one in _stand_ins().items() if name not in sys.modules}
    sys.modules.update(put)
    _Later.arriving = True
    try:
        yield
    finally:
        _Later.arriving = False
        for name in [name for name, one in put.items() if sys.modules.get(name) is one]:
            del sys.modules[name]


def _stand_ins() -> dict[str, ModuleType]:
    later = {name: _Later(name) for name in (*LATER, *NEVER)}
    vars(later["urllib.request"])["OpenerDirector"] = NoOpener
    vars(later["fontTools"])["subset"] = later["fontTools.subset"]
    vars(later["pyphen"])["language_fallback"] = _hyphenated
    others = {"importlib.resources": _resources(), "hashlib": _digests(), "cffi": declarations.prepared()}
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
