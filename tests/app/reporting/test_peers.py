"""With whom a report compares: who counts, once each; what is kept of them; and that nobody can be told from it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import event, update

from app.diagnosis.lately import Lately
from app.diagnosis.models import AssessmentRecord, Diagnosis, Layer, Stage
from app.extensions import db
from app.reporting import peers, service
from app.reporting.models import IssuedReport
from app.reporting.orders import order_of
from app.reporting.peers import peers_of_now, read_peers, stored
from app.reporting.terms import read_terms
from reports.html import to_html
from reports.word import to_word
from scoring.coarse import Quartiles, Share
from scoring.peers import TOTAL, Comparison, Group
from tests import printing
from tests.app.planning.test_service import answers
from tests.factories import make_consultant, make_diagnosis, make_firm, make_user
from tests.printing import report_of
from tests.reports.reading_word import Read

PROFILE = {"industry": "3670", "employees": Fraction(320), "revenue": Fraction(15000)}
LEVEL_1 = answers(**PROFILE, **dict.fromkeys(("org_strategy.L1.1", "org_strategy.L1.2"), "mostly"))
LEVEL_0 = answers(**PROFILE)
TOO_FEW = "经专家核实的可比企业还不足 5 家"


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间",)}, name="标记本企业")


@pytest.fixture
def diagnosis(flask_app, firm):
    return make_diagnosis(flask_app, firm, LEVEL_1)


@pytest.fixture
def inside(flask_app):
    with flask_app.test_request_context():
        yield


@pytest.fixture
def freeze(flask_app):
    """Freeze a record of a diagnosis with given answers, of a firm of its own unless one is given."""
    consultant = make_consultant(flask_app)

    def freeze(said=LEVEL_0, stage=Stage.REVIEWED, layer=Layer.VERIFIED, firm=None, **given):
        firm = firm or make_firm(flask_app, name=f"标记同行{len(frozen)}")
        made = make_diagnosis(flask_app, firm, said, stage, **given)
        with flask_app.app_context():
            printing.freeze(consultant, made, layer)
        frozen.append(made)
        return made

    frozen: list[Diagnosis] = []
    return freeze


def told(manager, diagnosis) -> Comparison:
    return read_peers(asked(manager, diagnosis).plan_terms["peers"])


def asked(manager, diagnosis) -> IssuedReport:
    """Ask for a report, with everything seen that was committed meanwhile."""
    db.session.rollback()
    return service.request_report(manager, diagnosis.id)


def pages(report):
    """Return a report as it would be printed now from what is kept with it: its view model."""
    return report_of(order_of(db.session.get_one(IssuedReport, report.id)))


@pytest.mark.usefixtures("inside")
def test_five_verified_firms_are_compared_with(manager, diagnosis, freeze):
    for said in (LEVEL_0, LEVEL_0, LEVEL_0, LEVEL_1, LEVEL_1):
        freeze(said)
    found = told(manager, diagnosis)

    assert (found.group, found.firms, found.level) == (Group.SIZE, 5, 2)
    assert found.quartiles[TOTAL].counted == 5
    assert found.quartiles[TOTAL].high == 1  # of level 1 nothing above is met: 1 + 0
    assert found.levels[1] == Share(5, Fraction(1, 4), Fraction(3, 4))


@pytest.mark.usefixtures("inside")
def test_what_is_no_verified_diagnosis_is_not_counted(manager, diagnosis, freeze):
    for _number in range(4):
        freeze()
    freeze(layer=Layer.STATED, stage=Stage.SUBMITTED)
    freeze(layer=Layer.STATED, stage=Stage.REVIEWED)
    for stage in (Stage.FILLING, Stage.SUBMITTED, Stage.RETURNED, Stage.TAKEN_OVER):
        freeze(stage=stage)  # verified once, and taken up again
    freeze(number=-1)

    assert told(manager, diagnosis).group is None
    freeze(stage=Stage.ISSUED)
    assert told(manager, diagnosis).firms == 5


@pytest.mark.usefixtures("inside")
def test_a_firm_with_several_diagnoses_counts_once_with_its_newest(flask_app, manager, diagnosis, freeze):
    several = make_firm(flask_app)
    for said in (LEVEL_0, LEVEL_0, LEVEL_1):
        freeze(said, firm=several)
    for _number in range(3):
        freeze()

    assert told(manager, diagnosis).group is None
    freeze(LEVEL_1)
    assert told(manager, diagnosis).levels[1] == Share(5, Fraction(1, 4), Fraction(3, 4))  # two of five


@pytest.mark.usefixtures("inside")
def test_a_firm_is_never_among_those_it_is_compared_with(manager, firm, diagnosis, freeze):
    for _number in range(4):
        freeze()
    freeze(firm=firm)

    assert told(manager, diagnosis).group is None


@pytest.mark.usefixtures("inside")
def test_of_too_few_firms_neither_row_nor_report_holds_anything(manager, diagnosis, freeze):
    before = asked(manager, diagnosis).plan_terms["peers"]
    for _number in range(4):
        freeze(LEVEL_1)
    report = asked(manager, diagnosis)
    chapter = to_html(pages(report)).partition('<h1 id="peers">')[2].partition('<h1 id="method">')[0]

    assert report.plan_terms["peers"] == before
    assert (report.plan_terms["peers"]["firms"], report.plan_terms["peers"]["quartiles"]) == (0, {})
    assert TOO_FEW in chapter
    assert "<table" not in chapter
    assert "<svg" not in chapter


@pytest.mark.usefixtures("inside")
def test_no_name_of_another_firm_is_in_the_row_the_page_or_the_document(manager, diagnosis, freeze):
    for said in (LEVEL_0, LEVEL_0, LEVEL_1, LEVEL_1, LEVEL_0, LEVEL_1):
        freeze(said)
    report = asked(manager, diagnosis)
    printed = pages(report)

    assert printed.peers.total
    assert "标记同行" not in json.dumps(report.plan_terms, ensure_ascii=False)
    assert "标记同行" not in to_html(printed)
    assert "标记同行" not in Read(to_word(printed)).text


@pytest.mark.usefixtures("inside")
def test_a_report_is_printed_again_the_same_after_other_firms_were_verified(manager, diagnosis, freeze, monkeypatch):
    for _number in range(5):
        freeze()
    report = asked(manager, diagnosis)
    before = pages(report).peers
    for _number in range(6):
        freeze(LEVEL_1)
    monkeypatch.setattr(peers, "_read", Lately(4096))

    assert pages(report).peers == before
    assert told(manager, diagnosis).firms == 11


@pytest.mark.usefixtures("inside")
def test_until_five_more_firms_are_verified_a_firm_is_told_the_same(manager, diagnosis, freeze):
    for _number in range(5):
        freeze()
    first = asked(manager, diagnosis)
    freeze(LEVEL_1)
    second = asked(manager, diagnosis)
    for _number in range(4):
        freeze(LEVEL_1)

    assert second.id == first.id  # nothing else has changed, so the one under way is given back
    assert told(manager, diagnosis).firms == 10


@pytest.mark.usefixtures("inside")
def test_another_firm_is_told_what_is_true_now(flask_app, manager, diagnosis, freeze):
    for _number in range(5):
        freeze()
    asked(manager, diagnosis)
    freeze(LEVEL_1)
    firm = make_firm(flask_app)

    assert told(make_user(flask_app, firm_id=firm.id), make_diagnosis(flask_app, firm, LEVEL_1)).firms == 6


@pytest.mark.usefixtures("inside")
def test_an_older_report_has_no_such_chapter(manager, diagnosis):
    report = asked(manager, diagnosis)
    terms = {name: kept for name, kept in report.plan_terms.items() if name != "peers"}
    order = replace(order_of(report), terms=read_terms(terms))

    assert "peers" not in report_of(order).chapters
    assert "同行对照" not in to_html(report_of(order))


@pytest.mark.usefixtures("inside")
def test_a_firm_whose_maturity_is_not_judged_is_not_compared(firm):
    record = AssessmentRecord(result_file=json.dumps({"as_of": "2026-11-24", "assessments": []}))

    assert peers_of_now(record, firm.id) is None


@pytest.mark.usefixtures("inside")
def test_a_record_that_cannot_be_read_any_more_keeps_nobody_from_a_report(manager, diagnosis, freeze):
    for _number in range(5):
        freeze()
    spoilt = freeze()
    change = update(AssessmentRecord).where(AssessmentRecord.diagnosis_id == spoilt.id).values(diagnosis_file="{}")
    service.audit.change(change, [{}])
    service.audit.record("system", "test.spoil", "record")
    db.session.commit()

    assert told(manager, diagnosis).firms == 5


@pytest.mark.usefixtures("inside")
def test_a_frozen_record_is_read_once_a_process(manager, diagnosis, freeze):
    for _number in range(5):
        freeze()
    told(manager, diagnosis)
    record = service.latest_record(diagnosis.id, Layer.STATED)
    statements: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    peers_of_now(record, diagnosis.firm_id)

    assert len(statements) == 2  # whose records count, and what was told before
    assert "diagnosis_file" not in "".join(statements)


def test_what_is_stored_is_read_back_and_is_plain_json():
    quartiles = {TOTAL: Quartiles(7, Fraction("1.6"), Fraction("1.7"), Fraction("2.7"))}
    band = Share(7, Fraction(1, 4), Fraction(3, 4))
    told_of = quartiles, {1: band}, {"cq_smart_factory": band}
    found = Comparison(date(2026, 11, 27), Group.SIZE, "3670", 3, 8, 2, *told_of, frozenset({"ab", "12"}))

    assert read_peers(json.loads(json.dumps(stored(found, "any")))) == found
    assert read_peers(stored(Comparison(date(2026, 11, 27)), "any")) == Comparison(date(2026, 11, 27))
