"""A recorded journey: what a browser asked for while somebody filled in, without anything that was only that person's.

What differs from one person to the next stands as a name in braces, and whoever replays it puts in what the answers to
him said: "{diagnosis}" and "{subject1}" in addresses, "{token}", "{revision}", "{seen}" and the login in fields.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, astuple, dataclass
from enum import StrEnum
from html import unescape
from pathlib import Path

RECORDED = Path(__file__).parent / "journey.json"
PACES = (0.75, 1.25)  # of the recorded pauses: what the people need who replay it
SEEN = "!seen"  # ends the name of the field that says at which save the page last knew a fact
_IDENTITY = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class Kind(StrEnum):
    """What is asked for, as the statistics name it."""

    SIGN_IN_PAGE = "sign-in page"
    SIGN_IN = "sign-in"
    WAY = "way to the overview"
    OVERVIEW = "overview"
    PAGE = "page of questions"
    NOTES = "what is said beside the questions"
    ANSWER = "answer saved by itself"
    NEXT = "save, next page"
    ASSET = "style, script, picture"


@dataclass(frozen=True, slots=True)
class Asset:
    """What a page loads besides itself."""

    path: str  # without a query, which may name the content of now
    known: bool  # the browser had it and asked only whether it is still the same


@dataclass(frozen=True, slots=True)
class Step:
    """One thing asked for, and what came with it."""

    think_s: float  # from the end of what was asked before
    kind: Kind
    method: str
    path: str
    fields: tuple[tuple[str, str], ...] = ()
    assets: tuple[Asset, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """Return the facts that an answer speaks of."""
        told = {name.split("!")[0] for name, _value in self.fields if not name.endswith(SEEN)}
        return tuple(sorted(told - {"csrf_token", "revision"}))


@dataclass(frozen=True, slots=True)
class Journey:
    """All steps of one session, and how it was recorded."""

    pace: str  # in words
    browser: str
    steps: tuple[Step, ...]

    @property
    def thinking_s(self) -> float:
        """Return how long it takes somebody whom nothing keeps waiting."""
        return sum(step.think_s for step in self.steps)

    def count(self, kind: Kind) -> int:
        return sum(step.kind is kind for step in self.steps)


def read() -> Journey:
    """Return the journey that is kept in this folder."""
    kept = json.loads(RECORDED.read_text(encoding="utf-8"))
    return Journey(kept["pace"], kept["browser"], tuple(map(_step, kept["steps"])))


def write(journey: Journey) -> None:
    """Replace the journey that is kept in this folder, a step a line."""
    steps = ",\n  ".join(json.dumps(_short(step), ensure_ascii=False) for step in journey.steps)
    head = json.dumps({"pace": journey.pace, "browser": journey.browser}, ensure_ascii=False)[1:-1]
    RECORDED.write_text(f'{{{head}, "steps": [\n  {steps}\n]}}\n', encoding="utf-8")


def _short(step: Step) -> dict[str, object]:
    said = asdict(step) | {"assets": [astuple(asset) for asset in step.assets]}
    return {name: value for name, value in said.items() if value}


def _step(kept: Mapping[str, object]) -> Step:
    fields = tuple((name, value) for name, value in kept.get("fields", ()))  # type: ignore[attr-defined]
    assets = tuple(Asset(*asset) for asset in kept.get("assets", ()))  # type: ignore[attr-defined]
    think_s, method, path = kept.get("think_s", 0.0), kept["method"], kept["path"]
    return Step(think_s, Kind(kept["kind"]), method, path, fields, assets)  # type: ignore[arg-type]


# --- what the answers say ---------------------------------------------------------------------------------------------


def diagnosis_in(address: str) -> dict[str, str]:
    """Return what stands for "{diagnosis}" where an address names one."""
    found = re.match(rf"/diagnoses/({_IDENTITY})", address)
    return {"diagnosis": found[1]} if found else {}


def subjects_in(overview: str) -> dict[str, str]:
    """Return the names in braces of factories and workshops with what stands for them, in the order of an overview."""
    subjects = dict.fromkeys(re.findall(rf"/fill/\w+/({_IDENTITY})/", overview))
    return {f"subject{place}": key for place, key in enumerate(subjects, start=1)}


def assets_in(page: str) -> dict[str, str]:
    """Return the address without its query -> the whole address, of everything that a page loads besides itself."""
    addresses = re.findall(r'(?:href|src)="(/static/[^"#]+)"', page)
    return {address.partition("?")[0]: address for address in map(unescape, addresses)}


def hidden_in(page: str) -> dict[str, str]:
    """Return token and save number as they stand in the form of a page."""
    found = dict(re.findall(r'name="(csrf_token|revision)"[^>]* value="([^"]*)"', page))
    names = {"csrf_token": "token", "revision": "revision"}
    return {names[name]: value for name, value in found.items()}


def filled(path: str, identities: Mapping[str, str]) -> str:
    """Return an address with its names in braces replaced. Raises KeyError when one is not known."""
    return re.sub(r"\{(\w+)\}", lambda name: identities[name[1]], path)
