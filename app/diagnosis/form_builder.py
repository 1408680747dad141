"""From a page of questions to a form that reads what was posted. It checks; the templates draw."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form
from wtforms.validators import StopValidation

from app.diagnosis.asked import find_page, published
from app.diagnosis.draft import NOTHING, Said, Seen
from app.diagnosis.punctuation import listed
from app.presentation import text
from questionnaires.answers import EntryState, to_text
from questionnaires.model import Fact, FactKind, Questionnaire
from questionnaires.values import AnswerFault, read_value

UNKNOWN, NOT_APPLICABLE = "?", "-"  # posted instead of a value
# What follows the fact in the names of its other fields; SEEN: at which save the page last knew what is kept about it.
MARK, REASON, KEEP, ASKED, SEEN = "!", "!reason", "!keep", "!asked", "!seen"
LONGEST_REASON = 500  # characters


class OneAnswer(Field):
    """What was posted about one fact: a value, 不清楚, or 不适用 with a reason. `data` is a Said once it is valid."""

    def __init__(self, fact: Fact, **arguments: Any) -> None:
        super().__init__("", **arguments)
        self.fact = fact

    @property
    def called(self) -> str:
        """Return the name of the fact in the reader's language, for what is said about a fault."""
        return text(self.fact.label)

    def process(self, formdata: Any, data: object = None, extra_filters: object = None) -> None:
        """Take the fields of this fact from the post. `touched` is False when the post does not speak of it."""
        self.process_errors: list[str] = []
        self.errors: list[str] = []
        self.data = NOTHING
        posted = [*formdata.getlist(self.name), *formdata.getlist(self.name + MARK)]
        self.marks = [word for word in (UNKNOWN, NOT_APPLICABLE) if word in posted]
        self.typed = [word for word in posted if word.strip() and word not in self.marks]
        self.reason = " ".join(formdata.getlist(self.name + REASON)).strip()
        self.keep = formdata.get(self.name + KEEP) if self.name + KEEP in formdata else None
        self.undecided = self.name + ASKED in formdata and self.keep is None
        self.touched = bool(posted) or self.name in formdata

    def pre_validate(self, form: Form) -> None:
        """Read what was posted; a fault stops with a sentence for the person."""
        if len(self.marks) + bool(self.typed) > 1:
            raise StopValidation(self._more_than_one())
        self.data = self._marked() if self.marks else self._read()
        if self.undecided:
            raise StopValidation(_("%(name)s：两处填写不同，请选择保留哪一个。", name=self.called))

    def _more_than_one(self) -> str:
        shown = listed([*self.typed, *({UNKNOWN: _("不清楚"), NOT_APPLICABLE: _("不适用")}[m] for m in self.marks)])
        return _("%(name)s：同时给出了%(shown)s。请只保留一个。", name=self.called, shown=shown[:80])

    def _marked(self) -> Said:
        if self.marks == [UNKNOWN]:
            return Said(EntryState.UNKNOWN)
        if self.fact.kind is FactKind.PRACTICE:
            raise StopValidation(_("%(name)s：能力要求不能选“不适用”。整个能力子域可以裁剪。", name=self.called))
        if not self.reason:
            raise StopValidation(_("%(name)s：请写明为什么不适用。", name=self.called))
        if len(self.reason) > LONGEST_REASON:
            most = LONGEST_REASON
            raise StopValidation(_("%(name)s：理由超过 %(most)s 字。请写短一些。", name=self.called, most=most))
        return Said(EntryState.NOT_APPLICABLE, None, self.reason)

    def _read(self) -> Said:
        if not self.typed:
            return NOTHING
        try:
            return Said(EntryState.STATED, to_text(read_value(self.fact, self._value())))
        except AnswerFault as fault:
            raise StopValidation(text(fault.message)) from fault

    def _value(self) -> object:
        return self.typed[0] if len(self.typed) == 1 else None


class SeveralAnswers(OneAnswer):
    """The same for a fact of which several options may be chosen."""

    def _value(self) -> object:
        return self.typed


FIELD_FOR: Mapping[FactKind, type[OneAnswer]] = {
    FactKind.PRACTICE: OneAnswer,
    FactKind.NUMBER: OneAnswer,
    FactKind.YES_NO: OneAnswer,
    FactKind.CHOICE: OneAnswer,
    FactKind.CHOICES: SeveralAnswers,
    FactKind.TEXT: OneAnswer,
    FactKind.DATE: OneAnswer,
}


def build_form(facts: Iterable[Fact], posted: MultiDict[str, str]) -> Form:
    """Return a form with one field for each fact, filled from what was posted."""
    return _form_class(facts)(posted)


def named_form(facts: Mapping[str, Fact], posted: MultiDict[str, str]) -> Form:
    """Return the same where the fields have names of their own: the same fact may be asked of several workshops."""
    return _class_of(facts)(posted)


def page_form(questionnaire: Questionnaire, section_id: str, page_id: str, posted: MultiDict[str, str]) -> Form:
    """Return the form of one page that the questionnaire has, filled from what was posted."""
    return _class_of_page(questionnaire.id, questionnaire.version, section_id, page_id)(posted)


@lru_cache(maxsize=1024)
def _class_of_page(questionnaire_id: str, version: str, section_id: str, page_id: str) -> type[Form]:
    found = find_page(published(questionnaire_id, version), section_id, page_id)
    if found is None:
        raise LookupError(page_id)
    return _form_class(fact for question in found[1].questions for fact in question.facts)


def _form_class(facts: Iterable[Fact]) -> type[Form]:
    """Return a form that speaks no language yet: its fields take their names when it is filled."""
    return _class_of({fact.id: fact for fact in facts})


def _class_of(facts: Mapping[str, Fact]) -> type[Form]:
    return type("PageForm", (Form,), {name: FIELD_FOR[fact.kind](fact) for name, fact in facts.items()})


def said_in(form: Form) -> dict[str, Said]:
    """Return what is said by every field that is valid and that the post speaks of."""
    spoken = (field for field in form if field.touched and not field.errors and field.keep != "theirs")
    return {field.name: field.data for field in spoken}


def faults_in(form: Form) -> dict[str, str]:
    """Return fact -> sentence for every field that is not valid."""
    return {field.name: " ".join(field.errors) for field in form if field.errors}


def is_from_script(posted: Iterable[str]) -> bool:
    """Tell whether the page saved single answers by its script before it was posted, which then changes nothing."""
    return any(name.endswith(SEEN) for name in posted)


def facts_in(posted: Iterable[str]) -> list[str]:
    """Return what may be the facts that a post speaks of or knows, by the names of its fields."""
    return list(dict.fromkeys(name.partition(MARK)[0] for name in posted))


def seen_in(posted: Mapping[str, str]) -> Seen:
    """Return which save the posted page showed; 0 when it does not say, so that everything newer is asked about."""
    later = {name.removesuffix(SEEN): _save_number(posted, name) for name in posted if name.endswith(SEEN)}
    return Seen(_save_number(posted, "revision"), later)


def _save_number(posted: Mapping[str, str], name: str) -> int:
    typed = posted.get(name, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
