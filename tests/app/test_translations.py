"""The interface is complete in English: every sentence is in the catalogue, and no page for any role shows Chinese.

What stays Chinese is content whose original is Chinese (`CONTENT`); the names in these tests are English.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from zipfile import ZipFile

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_keywords, parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from flask_login import login_user
from werkzeug.test import TestResponse

from app.access import Role
from app.accounts.models import User
from app.colleagues import service as colleagues
from app.colleagues.talk import question_for
from app.diagnosis.models import Stage
from app.programme import service as programme
from app.reporting import service
from app.reporting.printing import RULES_CHANGED
from app.review import service as reviews
from questionnaires.facts import load_facts
from questionnaires.model import FactKind
from scoring.loader import load_all
from scoring.model import Rule
from tests.factories import (
    NOW,
    make_colleague,
    make_consultant,
    make_diagnosis,
    make_evidence,
    make_firm,
    make_invitation,
    make_plan,
    make_template,
    make_user,
    make_waiting_file,
    parts_of,
    share_with,
    sign_in,
)
from tests.printing import begin_printing, in_all_forms

ROOT = Path(__file__).parent.parent.parent
CATALOGUE = ROOT / "app/translations/en/LC_MESSAGES/messages.po"
CHINESE = re.compile(r"[　-〿㐀-鿿＀-￯]")  # letters and full-width marks
PLACEHOLDER = re.compile(r"%\([a-z_]+\)s")
# Chinese that an English sentence of ours may hold.
NAMES = ("渝经信智能〔2026〕×号",)  # how a document of the commission is numbered
AS_OF = date(2026, 11, 24)
NOT_FOLLOWED = ("/language/", "/sign-out", "/my-sections/me/leave", "/static/")
ONE_OF_MANY = re.compile(r"(/talk|/costs)/[\w.]+$")
IDENTITY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
OF_FIRM = (Role.FACTORY_MANAGER, Role.COLLEAGUE, Role.CONSULTANT)
FEWEST_PAGES = {
    Role.FACTORY_MANAGER: 100,
    Role.COLLEAGUE: 20,
    Role.CONSULTANT: 100,
    Role.DISTRICT_OFFICER: 30,
    Role.COMMISSION: 30,
    Role.AUTHOR: 3,
    Role.ADMINISTRATOR: 8,
}  # with the answers to their forms
VOID = frozenset({"input", "br", "img", "meta", "link", "hr", "rect", "line", "path", "circle"})
TYPED = ("", "?")  # what is put into every field of every form: nothing, and nonsense


# --- the catalogue ----------------------------------------------------------------------------------------------------


def read(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened, locale="en")


def in_code() -> set[str]:
    """Return every sentence that code or templates mark, collected as babel.cfg says."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping, "babel.cfg")
    keywords = {**DEFAULT_KEYWORDS, **parse_keywords(("_l", "later"))}
    found = extract_from_dir(ROOT / "app", _below_app(methods), _options_below_app(options), keywords)
    return {sentence for _file, _line, sentence, _comments, _context in found if isinstance(sentence, str)}


def _below_app(methods: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(pattern.removeprefix("app/"), method) for pattern, method in methods]


def _options_below_app(options: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {pattern.removeprefix("app/"): said for pattern, said in options.items()}


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return read(CATALOGUE)


@pytest.fixture(scope="module")
def sentences(catalogue: Catalog) -> dict[str, str]:
    return {message.id: message.string for message in catalogue if message.id}


def test_the_catalogue_holds_every_sentence_of_the_code_and_nothing_else(catalogue, sentences):
    marked = in_code()

    assert len(marked) > 500
    assert set(sentences) == marked
    assert list(catalogue.obsolete) == []


def test_every_sentence_is_translated_for_good(catalogue, sentences):
    assert [message.id for message in catalogue if message.fuzzy and message.id] == []
    assert [chinese for chinese, english in sentences.items() if not english.strip()] == []


def test_both_languages_fill_in_the_same_words(sentences):
    unequal = {
        chinese: english
        for chinese, english in sentences.items()
        if Counter(PLACEHOLDER.findall(chinese)) != Counter(PLACEHOLDER.findall(english))
    }

    assert unequal == {}


def test_no_english_sentence_holds_chinese(sentences):
    assert [english for english in sentences.values() if CHINESE.search(_without(english, NAMES))] == []


def test_no_english_sentence_can_break_out_of_an_attribute(sentences):
    """Templates take what the catalogue says as it is, in attributes too."""
    assert [english for english in sentences.values() if re.search(r"[\"'<>&]", english)] == []


def test_the_catalogue_says_nothing_of_the_machine_or_the_day_it_was_made_on(sentences):
    text = CATALOGUE.read_text(encoding="utf-8")
    ids = re.findall(r'^msgid "(.+)"$', text, re.MULTILINE)

    assert re.findall(r"POT?-|X-|Generated|^#[:~|]", text, re.MULTILINE) == []
    assert ids == sorted(ids), "babel.cfg says how to bring it up to date"
    assert len(ids) == len(sentences)


def test_what_the_application_reads_is_compiled_from_this_catalogue(sentences):
    with CATALOGUE.with_suffix(".mo").open("rb") as opened:
        compiled = {message.id: message.string for message in read_mo(opened) if message.id}

    assert compiled == sentences, "run: script/setup"


def test_every_chinese_text_of_the_scripts_is_a_comment():
    scripts = [file.read_text(encoding="utf-8") for file in (ROOT / "app/static").glob("*.js")]

    assert scripts
    assert [line for text in scripts for line in text.splitlines() if CHINESE.search(line.partition("//")[0])] == []


# --- the pages --------------------------------------------------------------------------------------------------------


class _Page(HTMLParser):
    """The links and forms of a page, and everything on it that is read or heard."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[tuple[str, dict[str, str | None]]] = []  # action, fields; None is for the reader to fill in
        self.said: list[str] = []
        self._chinese: list[
            str
        ] = []  # elements that are open inside one that is said to be in Chinese, itself included
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag != "html" and (self._chinese or given.get("lang") == "zh-CN") and tag not in VOID:
            self._chinese.append(tag)
        if tag == "a":
            self.links.append(given.get("href", ""))
        elif tag == "form" and given.get("method") == "post":
            self.forms.append((given.get("action", ""), {}))
        elif tag in ("input", "select", "textarea") and self.forms and given.get("name"):
            self.forms[-1][1][given["name"]] = given.get("value") if given.get("type") == "hidden" else None
        self.said += [value for name, value in given.items() if name not in ("href", "action")]

    def handle_endtag(self, tag: str) -> None:
        if self._chinese and self._chinese[-1] == tag:
            self._chinese.pop()

    def handle_data(self, data: str) -> None:
        if not self._chinese:
            self.said.append(data)


@dataclass(frozen=True)
class Shown:
    """What the application answered, and to what."""

    about: str
    answer: TestResponse

    @cached_property
    def page(self) -> _Page | None:
        return _Page(self.answer.text) if self.answer.mimetype == "text/html" else None

    def chinese(self) -> list[str]:
        """Return what is Chinese and does not say so, which a screen reader would read as English."""
        said = self.page.said if self.page else ()
        return [f"{self.about}: {one.strip()[:120]}" for one in said if CHINESE.search(one)]


def _without(text: str, known: Iterable[str]) -> str:
    for one in known:
        text = text.replace(one, "")
    return text


@pytest.fixture(scope="module")
def content() -> list[str]:
    """Chinese that stays: titles, clauses and sources of rules as printed on the original, longest first."""
    plan = programme.plan()
    rules = {plan.rule, plan.counting_rule, *(target.rule for target in plan.targets), *_rules_of(load_all(AS_OF))}
    quoted = {part for rule in rules for part in (rule.title, rule.clause, rule.source) if part}
    return sorted({*quoted, plan.number, *NAMES}, key=len, reverse=True)


def _rules_of(one: object, seen: set[int] | None = None) -> Iterator[Rule]:
    """Find every rule inside the criteria, however deep it stands."""
    seen = set() if seen is None else seen
    if id(one) in seen or isinstance(one, str | int | Fraction | date | None):
        return
    seen.add(id(one))
    if isinstance(one, Rule):
        yield one
    parts = one.values() if hasattr(one, "values") else one if isinstance(one, Iterable) else _fields(one)
    for part in parts:
        yield from _rules_of(part, seen)


def _fields(one: object) -> list[object]:
    return [getattr(one, name) for name in getattr(one, "__dataclass_fields__", ())]


@pytest.fixture
def people(flask_app, monkeypatch):
    """One person of each role around a firm that has everything once; all its names are English."""
    monkeypatch.setattr("app.reporting.views.jobs.wake", lambda: None)
    firm = make_firm(flask_app, {"Factory 1": ("Stamping", "Welding")}, name="Sample Parts Ltd")
    parts, people = parts_of(flask_app, firm), _people(flask_app, firm)
    said = {**_practices(), **_figures(parts["Stamping"])}
    made = {
        stage: make_diagnosis(flask_app, firm, said, stage, declared_by="Wang", submitted_at=NOW) for stage in Stage
    }
    for stage in (Stage.FILLING, Stage.SUBMITTED):
        make_evidence(
            flask_app, made[stage], "list.csv", shows=[("firm", "data.L1.1"), (parts["Stamping"], "equipment_count")]
        )
        make_evidence(flask_app, made[stage], "gone.csv", b"gone", removed_at=NOW)
    make_plan(flask_app, made[Stage.FILLING], {}, {"improvement_id": "gone", "name_en": "Gone"})
    make_plan(flask_app, made[Stage.FILLING], withdrawn_at=NOW, result="over_budget")
    again = make_diagnosis(flask_app, firm, said, Stage.SUBMITTED)
    with flask_app.test_request_context():
        consultant = people[Role.CONSULTANT]
        reviews.return_to_firm(consultant, reviews.open_review(consultant, again.id), "Please add the layout plan.")
        _print_and_fail(people[Role.FACTORY_MANAGER], made[Stage.FILLING])
    make_waiting_file(flask_app, made[Stage.FILLING], people[Role.FACTORY_MANAGER])
    _templates(flask_app, people)
    with flask_app.test_request_context():
        _record(people[Role.COMMISSION], firm, parts)
    return {**people, Role.COLLEAGUE: _colleague(flask_app, made, people[Role.FACTORY_MANAGER], parts["Stamping"])}


def _templates(flask_app, people) -> None:
    """Leave a template of the consultant and one of the installation, each with everything that one can have."""
    block = {"place": "before:plan", "title": "To {{ firm }}", "body": "{{ headline }}"}
    said = {"institution": "Institute", "blocks": [block], "left_out": ["gaps"]}
    make_template(flask_app, people[Role.CONSULTANT], name="Own", **said)
    make_template(flask_app, None, name="Common", **said)


def _colleague(flask_app, made, manager, workshop) -> User:
    """Share sections that are filled in, submitted and off the path; leave talks, marks and invitations behind."""
    filling = made[Stage.FILLING]
    places = (("data", "firm"), ("workshop_equipment", workshop), ("conversion", "firm"))
    colleague = make_colleague(flask_app, filling, *places, name="Li", language="en")
    share_with(flask_app, colleague, made[Stage.SUBMITTED], ("energy", "firm"))
    share_with(flask_app, colleague, made[Stage.ISSUED], ("energy", "firm"))
    make_colleague(flask_app, filling, ("energy", "firm"), name="Zhao")
    make_colleague(flask_app, filling, name="Qian")
    make_invitation(flask_app, filling, "waiting", name="Wu")
    make_invitation(flask_app, filling, "late", name="Zheng", expires_at=NOW)
    with flask_app.test_request_context():
        for fact in ("data.L1.1", "data.L1.2"):
            login_user(manager)
            question = question_for(manager, filling.id, "data", "firm", fact)
            colleagues.comment(manager, question, "Where does it come from?", 0)
            colleagues.mark(manager, question)
        colleagues.resolve(manager, question, 99, 0)
    return colleague


def _practices() -> dict[str, object]:
    """Levels 1 and 2 are met, of level 3 some is missing."""
    degrees = {"L1": "full", "L2": "mostly", "L3": "partly"}
    asked = [fact.id for fact in load_facts().values() if fact.kind is FactKind.PRACTICE]
    return {"production_type": "discrete", **{name: degrees.get(name.split(".")[1], "none") for name in asked}}


def _figures(workshop) -> dict[tuple[str, str], Fraction]:
    """More machines are networked than there are: a contradiction."""
    figures = {"equipment_count": 120, "equipment_digital_count": 54, "equipment_networked_count": 130}
    return {(str(workshop), fact): Fraction(figure) for fact, figure in figures.items()}


def _print_and_fail(manager, diagnosis) -> None:
    """Leave a finished report, one that waits again, and failed ones with every sentence that says why."""
    for fault in (None, service.BROKEN_OFF, RULES_CHANGED, "报告排版超过 60 秒，已停止。"):
        report_id = service.request_report(manager, diagnosis.id).id
        begin_printing()
        if fault is None:
            service.finish(report_id, in_all_forms(), 24)
        else:
            service.give_up(report_id, fault)
    service.request_report(manager, diagnosis.id)
    begin_printing()
    service.take_back_orphans()


def _record(commission, firm, parts) -> None:
    """Record what counts, what does not and what was withdrawn."""
    paper = programme.Paper(date(2026, 5, 1), "Document 1", "City", "https://example.com/list")
    later = replace(paper, day=date(2026, 6, 1))
    programme.record_conversion(commission, firm.id, state="converting", paper=paper, systems=["battery", "thermal"])
    programme.record_conversion(commission, firm.id, state="city_recognised", paper=later, systems=["battery"])
    for name, kind, level in (
        ("Stamping", "digital_workshop", ""),
        ("Welding", "digital_workshop", ""),
        ("Factory 1", "smart_factory", ""),
        ("Factory 1", "cn_smart_factory", "advanced"),
    ):
        unit = programme.unit_for(commission, parts[name])
        gone = programme.record_recognition(commission, unit, kind=kind, level=level, paper=paper)
    programme.withdraw(commission, gone.id, later)


def _people(flask_app, firm) -> dict[Role, User]:
    people = {role: make_user(flask_app, role, name=role.value, language="en") for role in Role if role not in OF_FIRM}
    manager = make_user(flask_app, firm_id=firm.id, name="Zhang", language="en")
    return {**people, Role.FACTORY_MANAGER: manager, Role.CONSULTANT: make_consultant(flask_app, firm, language="en")}


def walk(client) -> Iterator[Shown]:
    """Open every page that links lead to from the start page; of the pages of a questionnaire each once.

    Then send their forms; those of a section's talks are alike and so are those of the improvements: one is sent.
    """
    waiting, met, forms = ["/"], {"/"}, {}
    while waiting:
        address = waiting.pop()
        shown = Shown(address, client.get(address, follow_redirects=True))
        yield shown
        if shown.page is None:
            continue
        forms |= {
            ONE_OF_MANY.sub(r"\1/*", _kind(action or address)): (action or address, fields)
            for action, fields in shown.page.forms
        }
        for link in filter(_is_followed, (urlsplit(link).path for link in shown.page.links)):
            if _kind(link) not in met:
                met.add(_kind(link))
                waiting.append(link)
    for action, fields in forms.values():
        yield from _send(client, action, fields)


def _kind(address: str) -> str:
    return IDENTITY.sub("*", address) if re.search("/fill/|/pages/|/accounts/", address) else address


def _is_followed(path: str) -> bool:
    return path.startswith("/") and not path.startswith(NOT_FOLLOWED)


def _send(client, action: str, fields: dict[str, str | None]) -> Iterator[Shown]:
    if not _is_followed(action):
        return
    for typed in TYPED:
        data = {name: typed if value is None else value for name, value in fields.items()}
        answer = client.post(action, data=data, follow_redirects=True)
        yield Shown(f"{action} with {typed!r}", answer)


@pytest.mark.parametrize("role", Role)
def test_no_page_and_no_refusal_shows_chinese_to_a_reader_of_english(flask_app, client, people, role):
    sign_in(client, people[role])
    shown = list(walk(client))

    assert len(shown) >= FEWEST_PAGES[role]
    assert [one.about for one in shown if one.answer.status_code >= 500] == []
    assert [line for one in shown for line in one.chinese()] == []


def test_who_has_not_signed_in_reads_no_chinese_either(flask_app, client):
    with client.session_transaction() as session:
        session["language"] = "en"
    shown = [Shown(address, client.get(address, follow_redirects=True)) for address in ("/", "/nowhere", "/reports/1")]
    shown += _send(client, "/sign-in", {"email": None, "password": None})
    shown += _invited(flask_app, client)

    assert [line for one in shown for line in one.chinese()] == []


def _invited(flask_app, client) -> Iterator[Shown]:
    """Open links that are good, used, late and taken back, and post the good one with nothing and nonsense."""
    diagnosis = make_diagnosis(flask_app, make_firm(flask_app, name="Sample Parts Ltd"))
    by = make_user(flask_app, firm_id=diagnosis.firm_id, name="Zhang")
    dead = {"used": {"used_at": NOW}, "late": {"expires_at": NOW}, "back": {"withdrawn_at": NOW}}
    for token, given in {"good": {}, **dead}.items():
        make_invitation(flask_app, diagnosis, token, name="Wu", invited_by=by.id, **given)
        yield Shown(token, client.get(f"/join/{token}"))
    yield Shown("unknown", client.get("/join/unknown"))
    yield from _send(client, "/join/good", {"name": None, "login": None, "password": None, "agreed": None})


def test_the_exported_workbook_is_in_english(client, people, content):
    sign_in(client, people[Role.COMMISSION])
    with ZipFile(BytesIO(client.get("/board/export.xlsx").data)) as book:
        parts = [book.read(name).decode() for name in ("xl/sharedStrings.xml", "xl/workbook.xml", "docProps/core.xml")]

    assert [found for part in parts for found in CHINESE.findall(_without(part, content))] == []
