"""What a consultant posts about one page: for each fact what was found, why it differs, and a remark to the firm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import Form

from app.diagnosis.draft import NOTHING, Kept, Said
from app.diagnosis.form_builder import build_form, faults_in, said_in
from app.presentation import text
from questionnaires.model import Fact

WHY, NOTE = "!why", "!note"  # what follows the fact in the names of its reason and its remark
LONGEST_REASON = 500  # characters


@dataclass(frozen=True, slots=True)
class Findings:
    """What was posted: the readable findings, the remarks, and what is wrong with the rest."""

    form: Form
    found: Mapping[str, Said]
    notes: Mapping[str, str]
    faults: Mapping[str, str]


def read_findings(facts: list[Fact], stated: Mapping[str, Kept], posted: MultiDict[str, str]) -> Findings:
    """Read a review page. What differs from the firm's statement needs a reason; what equals it needs none."""
    form = build_form(facts, posted)
    form.validate()
    faults, found = faults_in(form), said_in(form)
    labels = {fact.id: text(fact.label) for fact in facts}
    for fact, said in found.items():
        theirs, why = stated[fact].said if fact in stated else NOTHING, posted.get(fact + WHY, "").strip()
        if (said.state, said.value) == (theirs.state, theirs.value):
            found[fact] = theirs
        elif not why:
            faults[fact] = _("%(name)s：核实值与企业填报不同，请写明理由。", name=labels[fact])
        elif len(why) > LONGEST_REASON:
            faults[fact] = _("%(name)s：理由超过 %(most)s 字。请写短一些。", name=labels[fact], most=LONGEST_REASON)
        else:
            found[fact] = replace(said, reason=why)
    # What is wrong comes back as it was typed, remark included; kept already, the remark would be kept once more.
    right = (fact.id for fact in facts if fact.id not in faults)
    notes = {fact: note for fact in right if (note := posted.get(fact + NOTE, "").strip())}
    return Findings(form, {fact: said for fact, said in found.items() if fact not in faults}, notes, faults)
