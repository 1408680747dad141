"""What a workbook says of itself, and that a change of it is seen."""

from __future__ import annotations

import pytest
from itsdangerous import URLSafeSerializer

from app.workbooks.origin import MARK, origin_of, seal, unseal


def test_what_was_sealed_is_read_again(draft_of):
    diagnosis = draft_of({"firm_name": "某厂"}).diagnosis
    origin = unseal(seal(origin_of(diagnosis)))

    assert origin == origin_of(diagnosis)
    assert (origin.diagnosis_id, origin.firm_id) == (str(diagnosis.id), str(diagnosis.firm_id))
    assert (origin.number, origin.questionnaire_version, origin.revision) == (1, "2026.1", 1)
    assert origin.shows_sure_save(last_save=1)


def test_a_seal_of_somebody_else_is_seen_and_what_it_says_stays_readable(draft_of):
    diagnosis = draft_of().diagnosis
    said = [str(diagnosis.id), str(diagnosis.firm_id), 1, "auto_parts", "2026.1", 7]
    origin = unseal(MARK + URLSafeSerializer("another key", salt="workbook").dumps(said))

    assert (origin.diagnosis_id, origin.revision) == (str(diagnosis.id), 7)
    assert not origin.sealed
    assert not origin.shows_sure_save(last_save=9)


def test_a_save_that_has_not_been_yet_is_not_relied_on(draft_of):
    origin = origin_of(draft_of({"firm_name": "某厂"}).diagnosis)

    assert not origin.shows_sure_save(last_save=0)


@pytest.mark.parametrize("written", ["", MARK, MARK + "abc", MARK + "WzFd.x", MARK + "bnVsbA.x", "数字", MARK + "é"])
def test_what_cannot_be_read_is_nothing(draft_of, written):
    draft_of()

    assert unseal(written) is None
