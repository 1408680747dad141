"""Pages to look at again, computed from what is kept: with answers that were copied and that nobody has confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from app.diagnosis.draft import Draft, asked_at, every_subject
from app.diagnosis.models import Layer
from app.diagnosis.punctuation import listed
from questionnaires.answers import EntryState
from questionnaires.progress import Place


@dataclass(frozen=True, slots=True)
class Again:
    """Why somebody should look at a page again."""

    copied: int = 0  # answers
    sources: tuple[str, ...] = ()  # names of whom they were copied from


def pages_again(draft: Draft) -> dict[Place, Again]:
    """Return the pages to be looked at again of a diagnosis read in full, whether they are on the path or not."""
    names = names_of(draft)
    found: dict[Place, dict[str, int]] = {}
    for kept in draft.kept:
        if kept.copied_from and kept.layer == Layer.STATED and kept.said.state != EntryState.BLANK:
            section, page = asked_at(draft.questionnaire.id, draft.questionnaire.version)[kept.fact]
            counts = found.setdefault((section, kept.subject_key, page), {})
            name = names.get(kept.copied_from) or _("已关闭的一个")
            counts[name] = counts.get(name, 0) + 1
    return {place: Again(sum(counts.values()), tuple(counts)) for place, counts in found.items()}


def names_of(draft: Draft) -> Mapping[str, str]:
    """Return the name of each open factory and workshop by its key."""
    return {one.key: one.name for one in every_subject(draft.firm)}


def because(again: Again) -> str:
    """Say why a page should be looked at again."""
    return _("%(count)s 个回答复制自 %(names)s，核对后保存那一页即可", count=again.copied, names=listed(again.sources))


def together(several: Iterable[Again]) -> Again:
    """Return the reasons of several pages as one."""
    every = list(several)
    sources = dict.fromkeys(name for one in every for name in one.sources)
    return Again(sum(one.copied for one in every), tuple(sources))
