"""New factories and workshops that begin as copies: what is copied, how it is marked, what confirms it."""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

import pytest
from sqlalchemy import select

from app.audit import AuditEvent
from app.diagnosis.draft import Said, read_draft, stated
from app.diagnosis.models import AnswerEntry, Diagnosis, Layer, Stage
from app.diagnosis.service import open_draft, save_page
from app.errors import Refused, Stale
from app.extensions import db
from app.firms.models import Workshop
from app.parts import service
from app.parts.service import Wish
from tests.factories import make_diagnosis, make_firm, make_user, parts_of

FIGURES = {"equipment_count": Fraction(120), "equipment_digital_count": Fraction(54)}


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间", "焊装车间"), "二工厂": ()})


@pytest.fixture
def parts(flask_app, firm):
    return {name: str(key) for name, key in parts_of(flask_app, firm).items()}


@pytest.fixture
def manager(flask_app, firm):
    return make_user(flask_app, firm_id=firm.id)


@pytest.fixture
def diagnosis(flask_app, firm, parts):
    answers = {(parts["冲压车间"], fact): value for fact, value in FIGURES.items()}
    return make_diagnosis(flask_app, firm, {**answers, (parts["一工厂"], "erp_closed_loop"): True, "employees": 320})


@pytest.fixture
def add(flask_app, manager, diagnosis):
    """Add a copy as at a request of its own; returns the key of the new part."""

    def run(source, name, **more):
        db.session.rollback()
        return str(service.add_copy(manager, open_draft(manager, diagnosis.id), Wish(source, name, **more)).id)

    with flask_app.test_request_context():
        yield run


def kept(diagnosis, key):
    db.session.rollback()
    draft = read_draft(db.session.get_one(Diagnosis, diagnosis.id))
    return draft.newest(key, Layer.STATED)


def test_a_copied_workshop_states_the_same_and_says_where_it_comes_from(add, diagnosis, parts):
    new = add(parts["冲压车间"], "二号冲压车间")

    assert {fact: one.said for fact, one in kept(diagnosis, new).items()} == {
        "equipment_count": stated(Fraction(120)),
        "equipment_digital_count": stated(Fraction(54)),
    }
    assert {one.copied_from for one in kept(diagnosis, new).values()} == {parts["冲压车间"]}
    assert [one.copied_from for one in kept(diagnosis, parts["冲压车间"]).values()] == [None, None]


def test_a_copy_is_one_save_with_one_event(add, diagnosis, parts):
    new = add(parts["冲压车间"], "二号冲压车间")
    revisions = {one.revision for one in kept(diagnosis, new).values()}
    event = db.session.scalars(select(AuditEvent).order_by(AuditEvent.number.desc())).first()

    assert revisions == {2}
    assert event.action == "diagnosis.copy_part"
    assert event.detail == {"source": parts["冲压车间"], "made": new, "answers": 2}


def test_what_is_not_known_is_not_copied(add, manager, diagnosis, parts):
    draft = open_draft(manager, diagnosis.id)
    said = {"workshop_process": Said("unknown"), "mes_quality": Said("not_applicable", None, "没有检验")}
    save_page(manager, draft, parts["冲压车间"], said, 1)
    new = add(parts["冲压车间"], "二号冲压车间")

    assert kept(diagnosis, new).keys() == {*FIGURES, "mes_quality"}
    assert kept(diagnosis, new)["mes_quality"].said.reason == "没有检验"


def test_a_workshop_can_be_copied_into_another_factory(add, parts):
    new = add(parts["冲压车间"], "冲压车间", into=parts["二工厂"])

    assert str(db.session.get_one(Workshop, UUID(new)).factory_id) == parts["二工厂"]


@pytest.mark.parametrize(("with_workshops", "names"), [(True, {"冲压车间", "焊装车间"}), (False, set())])
def test_a_factory_is_copied_with_its_workshops_or_without(add, diagnosis, parts, with_workshops, names):
    new = add(parts["一工厂"], "三工厂", with_workshops=with_workshops)
    db.session.rollback()
    made = read_draft(db.session.get_one(Diagnosis, diagnosis.id)).subject(new)

    assert {one.name for one in made.parts} == names
    assert kept(diagnosis, new)["erp_closed_loop"].copied_from == parts["一工厂"]
    assert [len(kept(diagnosis, one.key)) for one in made.parts] == ([2, 0] if names else [])


@pytest.mark.parametrize("source", ["firm", "", "no-such-key", "00000000-0000-0000-0000-000000000000"])
def test_only_a_factory_or_workshop_of_the_firm_can_be_copied(add, source):
    with pytest.raises(Refused, match="请选择照着哪一个"):
        add(source, "新车间")


@pytest.mark.parametrize("into", ["no-such-factory", "00000000-0000-0000-0000-000000000000"])
def test_a_copy_goes_only_into_a_factory_of_the_firm(add, parts, into):
    with pytest.raises(Refused, match="请选择新车间属于哪个工厂"):
        add(parts["冲压车间"], "新车间", into=into)


def test_a_factory_of_another_firm_takes_no_copy(flask_app, add, parts):
    other = parts_of(flask_app, make_firm(flask_app, {"别家": ()}))["别家"]

    with pytest.raises(Refused, match="请选择新车间属于哪个工厂"):
        add(parts["冲压车间"], "新车间", into=str(other))


@pytest.mark.parametrize(("name", "words"), [("", "请填写名称"), ("冲压车间", "已存在"), ("长" * 101, "最多 100 个字")])
def test_a_name_that_cannot_be_taken_adds_nothing(add, diagnosis, parts, name, words):
    with pytest.raises(Refused, match=words):
        add(parts["冲压车间"], name)
    db.session.rollback()
    draft = read_draft(db.session.get_one(Diagnosis, diagnosis.id))

    assert len(draft.firm.parts[0].parts) == 2
    assert draft.diagnosis.revision == 1


def test_a_copy_that_was_outrun_adds_nothing(add, diagnosis, parts, monkeypatch):
    def outrun(*_arguments):
        raise Stale("刚才有同事也在保存。")

    monkeypatch.setattr("app.diagnosis.service._count_save", outrun)
    with pytest.raises(Stale):
        add(parts["冲压车间"], "二号冲压车间")

    assert db.session.scalars(select(Workshop).where(Workshop.name == "二号冲压车间")).all() == []
    assert len(kept(diagnosis, parts["冲压车间"])) == 2


def test_nothing_is_copied_after_the_submission(flask_app, manager, firm, parts):
    submitted = make_diagnosis(flask_app, firm, stage=Stage.SUBMITTED)
    with flask_app.test_request_context(), pytest.raises(Stale, match="已经提交"):
        service.add_copy(manager, open_draft(manager, submitted.id), Wish(parts["冲压车间"], "二号冲压车间"))


# --- confirming -------------------------------------------------------------------------------------------------------


def test_saving_the_page_as_it_is_confirms_what_was_copied(add, manager, diagnosis, parts):
    new = add(parts["冲压车间"], "二号冲压车间")
    saved = save_page(manager, open_draft(manager, diagnosis.id), new, {"equipment_count": stated(Fraction(120))}, 2)

    assert saved.changed == frozenset()
    assert kept(diagnosis, new)["equipment_count"].copied_from is None
    assert kept(diagnosis, new)["equipment_digital_count"].copied_from == parts["冲压车间"]


def test_a_changed_copy_is_no_copy_any_more(add, manager, diagnosis, parts):
    new = add(parts["冲压车间"], "二号冲压车间")
    save_page(manager, open_draft(manager, diagnosis.id), new, {"equipment_count": stated(Fraction(80))}, 2)

    assert kept(diagnosis, new)["equipment_count"].copied_from is None


def test_a_page_that_did_not_show_the_copy_does_not_confirm_it(add, manager, diagnosis, parts):
    new = add(parts["冲压车间"], "二号冲压车间")
    save_page(manager, open_draft(manager, diagnosis.id, 1), new, {"equipment_count": stated(Fraction(120))}, 1)

    assert kept(diagnosis, new)["equipment_count"].copied_from == parts["冲压车间"]


def test_a_confirmed_answer_is_not_said_again_by_the_next_save(add, manager, diagnosis, parts):
    new = add(parts["冲压车间"], "二号冲压车间")
    for seen in (2, 3):
        save_page(manager, open_draft(manager, diagnosis.id), new, {"equipment_count": stated(Fraction(120))}, seen)
    rows = select(AnswerEntry).where(AnswerEntry.subject_key == new, AnswerEntry.fact == "equipment_count")

    assert len(db.session.scalars(rows).all()) == 2
