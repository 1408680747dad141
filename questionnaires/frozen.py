"""Reads some facts again from a diagnosis file that this product has written itself: quickly, and without its checks.

For looking at very many frozen diagnoses at once; whatever comes from outside goes through `exchange.py`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from questionnaires.exchange import FIRM_KEYS
from questionnaires.loader import load
from questionnaires.model import Fact, FilledDiagnosis, State, Statement, Subject, SubjectKind
from questionnaires.values import read_value


def read_frozen(text: str, wanted: Collection[str]) -> FilledDiagnosis:
    """Return a diagnosis with the facts that are `wanted` of it, as `exchange.read_diagnosis` reads them.

    Raises LookupError, TypeError or ValueError where the text is not what `exchange.write_diagnosis` writes.
    """
    tree = json.loads(text)
    known = load(tree["questionnaire"], tree["questionnaire_version"]).facts
    facts = {name: known[name] for name in wanted if name in known}
    block = {fact: tree["firm"][key] for key, fact in FIRM_KEYS.items() if key in tree["firm"]}
    parts = tuple(_part(one, SubjectKind.FACTORY, facts) for one in tree["factories"])
    firm = Subject(SubjectKind.FIRM, "firm", tree["firm"]["name"], _facts({**tree["facts"], **block}, facts), parts)
    as_of = date.fromisoformat(tree["as_of"])
    return FilledDiagnosis(tree["questionnaire"], tree["questionnaire_version"], as_of, firm, tree["tailored"])


def _part(one: Mapping[str, Any], kind: SubjectKind, facts: Mapping[str, Fact]) -> Subject:
    parts = tuple(_part(inner, SubjectKind.WORKSHOP, facts) for inner in one.get("workshops", ()))
    return Subject(kind, one["key"], one["name"], _facts(one["facts"], facts), parts)


def _facts(written: Mapping[str, Any], facts: Mapping[str, Fact]) -> dict[str, Statement]:
    return {name: _statement(fact, written[name]) for name, fact in facts.items() if name in written}


def _statement(fact: Fact, written: object) -> Statement:
    if not isinstance(written, dict):
        return Statement(State.STATED, read_value(fact, written))
    evidence = tuple(written.get("evidence", ()))
    if "value" in written:
        return Statement(State.STATED, read_value(fact, written["value"]), written.get("reason"), evidence)
    if "not_applicable" in written:
        return Statement(State.NOT_APPLICABLE, None, written["not_applicable"], evidence)
    return Statement(State.UNKNOWN, None, written.get("reason"), evidence)
