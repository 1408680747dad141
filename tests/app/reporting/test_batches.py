"""Reports by the hundred: who may have which, issued and gathered at once, in one zip that holds what was printed."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest

from app.access import Role
from app.diagnosis.models import Diagnosis, Stage
from app.errors import NotFound, Refused
from app.extensions import db
from app.reporting import batches, service
from app.reporting.models import RenderState, ReportBatch
from tests.factories import make_consultant, make_firm, make_user, sign_in
from tests.printing import begin_printing, print_all

PAGE = "/reports/batches"


def test_what_is_signed_off_is_issued_and_printed_and_what_is_filled_in_is_not_offered(flask_app, client, firms, woken):
    consultant, (one, two, filling) = firms
    sign_in(client, consultant)
    page = client.get(PAGE).text
    answer = client.post(PAGE, data={"diagnosis": [str(one.id), str(two.id)]})
    with flask_app.app_context():
        stages = [db.session.get_one(Diagnosis, each.id).stage for each in (one, two, filling)]

    assert "甲零件有限公司" in page
    assert "丙零件有限公司" not in page
    assert answer.status_code == 302
    assert stages == [Stage.ISSUED, Stage.ISSUED, Stage.FILLING]
    assert woken == [2]


def test_one_bar_counts_what_is_printed_and_one_zip_holds_it(flask_app, client, firms, woken):
    consultant, (one, two, _filling) = firms
    sign_in(client, consultant)
    address = client.post(PAGE, data={"diagnosis": [str(one.id), str(two.id)]}).location
    before = client.get(address).text
    early = client.get(f"{address}/zip")
    with flask_app.app_context():
        print_all(b"%PDF-1.7 printed")
    after, packed = client.get(address).text, client.get(f"{address}/zip")
    with ZipFile(BytesIO(packed.data)) as folder:
        *names, listed = folder.namelist()
        contents = {folder.read(name) for name in names}

    assert 'max="2" value="0"' in before
    assert 'data-refresh="3"' in before
    assert early.status_code == 422
    assert 'max="2" value="2"' in after
    assert "data-refresh" not in after
    assert [name.split("_")[0] for name in sorted(names)] == ["乙零件有限公司", "甲零件有限公司"]
    assert contents == {b"%PDF-1.7 printed"}
    assert listed == "清单.csv"


def test_what_is_issued_already_is_gathered_and_not_printed_again(flask_app, firms):
    consultant, (one, two, _filling) = firms
    with flask_app.app_context():
        first = service.issue(consultant, one.id).id
        print_all()
        made, left_out = batches.ask(consultant, [one.id, two.id])

        assert left_out == []
        assert made.reports[0].id == first
        assert batches.progress(made) == batches.Progress(done=1, failed=0, count=2)


def test_the_commission_gathers_what_is_issued_and_issues_nothing(flask_app, client, firms, woken):
    consultant, (one, two, _filling) = firms
    commission = make_user(flask_app, Role.COMMISSION)
    with flask_app.app_context():
        service.issue(consultant, one.id)
        print_all()
    sign_in(client, commission)
    page = client.get(PAGE).text
    refused = client.post(PAGE, data={"diagnosis": str(two.id)})
    gathered = client.post(PAGE, data={"diagnosis": str(one.id)})
    with flask_app.app_context():
        stage = db.session.get_one(Diagnosis, two.id).stage

    assert "甲零件有限公司" in page
    assert "乙零件有限公司" not in page
    assert (refused.status_code, gathered.status_code) == (404, 302)
    assert stage is Stage.REVIEWED


def test_a_diagnosis_of_a_foreign_firm_is_not_found_and_nothing_is_issued(flask_app, firms):
    consultant, (one, _two, _filling) = firms
    stranger = make_consultant(flask_app, make_firm(flask_app))
    with flask_app.app_context():
        with pytest.raises(NotFound):
            batches.ask(stranger, [one.id])

        assert db.session.get_one(Diagnosis, one.id).stage is Stage.REVIEWED
        with pytest.raises(NotFound):
            batches.ask(consultant, [uuid4()])


@pytest.mark.parametrize("path", ["", "/zip"])
def test_a_batch_is_seen_by_who_asked_for_it_alone(flask_app, client, firms, woken, path):
    consultant, (one, _two, _filling) = firms
    sign_in(client, consultant)
    address = client.post(PAGE, data={"diagnosis": str(one.id)}).location
    sign_in(client, make_user(flask_app, Role.COMMISSION))

    assert client.get(address + path).status_code == 404


@pytest.mark.parametrize(("chosen", "status"), [([], 422), (["not-a-name"], 404)])
def test_nothing_chosen_is_refused_in_words_and_nonsense_is_not_found(flask_app, client, firms, woken, chosen, status):
    consultant, _found = firms
    sign_in(client, consultant)
    answer = client.post(PAGE, data={"diagnosis": chosen})
    with flask_app.app_context():
        kept = db.session.query(ReportBatch).count()

    assert answer.status_code == status
    assert ("还没有选择" in answer.text) == (status == 422)
    assert (kept, woken) == (0, [])


def test_too_many_at_once_are_refused(flask_app, firms):
    consultant, _found = firms
    with flask_app.test_request_context(), pytest.raises(Refused, match="一次最多 500 份"):
        batches.ask(consultant, [uuid4() for _number in range(501)])


def test_a_report_that_failed_does_not_hold_up_the_batch(flask_app, firms):
    consultant, (one, two, _filling) = firms
    with flask_app.app_context():
        made, _left_out = batches.ask(consultant, [one.id, two.id])
        service.give_up(begin_printing().id, "纸用完了。")
        print_all()
        found = batches.progress(made)

        assert (found.done, found.failed, found.is_over) == (1, 1, True)
        assert sorted(each.state for each in made.reports) == [RenderState.FAILED, RenderState.READY]


@pytest.mark.parametrize(
    ("role", "address"), [(Role.CONSULTANT, "/reviews"), (Role.COMMISSION, "/firms"), (Role.DISTRICT_OFFICER, "/firms")]
)
def test_who_may_have_batches_is_led_to_them(flask_app, client, role, address):
    sign_in(client, make_user(flask_app, role, district="500120"))

    assert f'href="{PAGE}"' in client.get(address).text
