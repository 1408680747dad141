"""Sections as they are shared: in the order in which they are asked, each with how far it is."""

from __future__ import annotations

from fractions import Fraction

import pytest
from flask_login import login_user

from app.colleagues.places import choices, pieces, read_places, read_progress
from app.diagnosis.service import open_draft
from app.extensions import db
from tests.factories import make_diagnosis, make_firm, make_user, parts_of

EVERYTHING = ("equipment_count", "equipment_digital_count", "equipment_networked_count")


@pytest.fixture
def firm(flask_app):
    return make_firm(flask_app, {"一工厂": ("冲压车间", "焊装车间")})


@pytest.fixture
def keys(flask_app, firm):
    return {name: str(key) for name, key in parts_of(flask_app, firm).items()}


@pytest.fixture
def draft(flask_app, firm, keys):
    figures = {(keys["冲压车间"], fact): Fraction(10) for fact in EVERYTHING}
    diagnosis = make_diagnosis(flask_app, firm, {"traditional_maker": False, **figures})
    manager = make_user(flask_app, firm_id=firm.id)
    with flask_app.test_request_context():
        db.session.rollback()
        login_user(manager)
        yield open_draft(manager, diagnosis.id)


def test_pieces_stand_in_the_order_of_asking_with_their_workshop(draft, keys):
    places = {("energy", "firm"), ("data", "firm")} | {
        (section, keys[name])
        for section in ("workshop_data", "workshop_equipment")
        for name in ("焊装车间", "冲压车间")
    }
    found = [(piece.title, piece.where) for piece in pieces(draft, frozenset(places), read_progress(draft))]

    assert found == [
        ("装备与联网", "冲压车间（一工厂）"),
        ("数据采集", "冲压车间（一工厂）"),
        ("装备与联网", "焊装车间（一工厂）"),
        ("数据采集", "焊装车间（一工厂）"),
        ("数据", "技术"),
        ("能源管理", "制造·生产"),
    ]


def test_a_piece_says_how_far_it_is_and_where_to_go_on(draft, keys):
    place = ("workshop_equipment", keys["冲压车间"])
    (piece,) = pieces(draft, frozenset({place}), read_progress(draft))

    assert (piece.settled, piece.asked, piece.done, piece.state, piece.is_open) == (3, 5, 60, "part", True)
    assert piece.address == f"/diagnoses/{draft.diagnosis.id}/fill/workshop_equipment/{keys['冲压车间']}/machines"


def test_a_section_off_the_path_is_not_asked_and_leads_nowhere(draft):
    (piece,) = pieces(draft, frozenset({("conversion", "firm")}), {})

    assert (piece.state, piece.asked, piece.done, piece.address) == ("off", 0, 0, None)


def test_a_closed_workshop_is_left_out(draft):
    assert pieces(draft, frozenset({("workshop_equipment", "of-a-closed-workshop")}), read_progress(draft)) == ()


def test_every_section_on_the_path_can_be_chosen_once(draft):
    values = [choice.value for group in choices(draft, (), {}) for choice in group.choices]

    assert len(values) == len(set(values)) == len(read_progress(draft))
    assert {place.split("/")[0] for place in values} >= {"data", "workshop_equipment", "factory_stages"}


def test_a_choice_names_the_others_who_have_it_and_not_the_person_himself(draft):
    names = {("data", "firm"): ["李工", "王工", "赵工"]}
    groups = choices(draft, {("data", "firm")}, names, own="王工")
    (data,) = [choice for group in groups for choice in group.choices if choice.value == "data/firm"]

    assert (data.others, data.ticked) == ("李工、赵工", True)


def test_what_was_ticked_is_read_as_pairs():
    assert read_places(["data/firm", "workshop_data/1-2"]) == {("data", "firm"), ("workshop_data", "1-2")}
    assert read_places(["nonsense"]) == {("nonsense", "")}
