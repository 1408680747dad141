"""Files given as evidence: what is kept of them, what is on record, what keeps them out."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from io import BytesIO
from threading import Barrier, Thread

import pytest

from app.audit import verify
from app.diagnosis.draft import read_draft
from app.diagnosis.models import Diagnosis, Stage
from app.errors import Stale
from app.evidence import receiving, service
from app.evidence.receiving import Given
from app.extensions import db
from tests.app.evidence import samples as made
from tests.app.evidence.daemon import EICAR, listening
from tests.app.evidence.reading import events, kept, rows
from tests.factories import make_app, make_diagnosis, make_evidence, make_user

PLACE = ("firm", "data.L1.1")
OTHER = ("firm", "data.L1.2")


# --- adding -----------------------------------------------------------------------------------------------------------


def test_a_file_is_kept_with_name_size_kind_digest_who_and_when(add, manager, diagnosis):
    added = add("现场.JPG", made.picture())
    [file] = rows()

    assert (added.kept, added.refused, added.status) == (["现场.JPG"], [], 200)
    assert (file.name, file.kind, file.size, file.added_by) == ("现场.JPG", "jpeg", len(made.picture()), manager.id)
    assert service.storage().path(file.digest).read_bytes() == made.picture()
    assert file.preview in kept()
    assert file.scanned is False
    assert service.counts(diagnosis.id) == {PLACE: 1}
    assert events() == [
        (
            "evidence.add",
            {
                "file": str(file.id),
                "name": "现场.JPG",
                "sha256": file.digest,
                "size": file.size,
                "about": "firm",
                "fact": "data.L1.1",
            },
        )
    ]
    assert list(verify()) == []


def test_a_file_may_be_given_for_no_question_yet(add, diagnosis):
    add(place=None)

    assert len(rows()) == 1
    assert service.counts(diagnosis.id) == {}


def test_the_same_bytes_are_kept_once_and_only_linked_again(add, diagnosis):
    add()
    again = add("另一个名字.csv", place=OTHER)

    assert (again.kept, again.known) == ([], ["设备清单.csv"])
    assert len(rows()) == len(kept()) == 1
    assert service.counts(diagnosis.id) == {PLACE: 1, OTHER: 1}


def test_a_file_that_is_sent_twice_changes_nothing_the_second_time(add, diagnosis):
    add()
    again = add()

    assert again.known == ["设备清单.csv"]
    assert service.counts(diagnosis.id) == {PLACE: 1}
    assert [action for action, _detail in events()] == ["evidence.add"]


def test_another_firm_with_the_same_bytes_has_a_file_of_its_own(flask_app, add, manager):
    add()
    other = make_diagnosis(flask_app)
    service.add(manager, read_draft(db.session.get_one(Diagnosis, other.id)), [Given("a.csv", BytesIO(made.CSV))])

    assert len(rows()) == 2
    assert len(kept()) == 1


def test_photos_that_are_all_called_the_same_are_told_apart(add):
    for size in ((10, 10), (20, 20), (30, 30)):
        add("image.jpg", made.picture(size=size))

    assert sorted(file.name for file in rows()) == ["image (2).jpg", "image (3).jpg", "image.jpg"]


def test_a_name_without_extension_or_without_anything_gets_one(add):
    add("image", made.picture())
    add("../..", made.PDF)

    assert {file.name for file in rows()} == {"image.jpg", "佐证.pdf"}


@pytest.mark.parametrize(
    ("name", "content", "status", "said"),
    [
        ("空.pdf", b"", 422, "“空.pdf”：文件是空的"),
        ("图纸.pdf", made.picture("PNG"), 415, "“图纸.pdf”：扩展名是 .pdf，内容却是“PNG 图片”"),
        ("图.jpg", b"<svg onload=alert(1)>", 415, "“图.jpg”：内容是“"),
        ("../../大.csv", b"a,b\n" * 2_800_000, 413, "“大.csv”：有 10.7 MB，超过单个文件 10 MB 的上限"),
    ],
)
def test_a_file_that_may_not_be_kept_is_refused_by_its_name_and_leaves_nothing(add, name, content, status, said):
    added = add(name, content)

    assert added.status == status
    assert said in added.refused[0].message
    assert (rows(), kept(), events()) == ([], [], [])


def test_one_bad_file_does_not_keep_the_good_ones_out(manager, draft, diagnosis):
    sent = [
        Given("a.csv", BytesIO(made.CSV)),
        Given("b.exe", BytesIO(b"MZ" + bytes(99))),
        Given("c.pdf", BytesIO(made.PDF)),
    ]
    added = service.add(manager, draft(), sent, PLACE)

    assert (added.kept, len(added.refused), added.status) == (["a.csv", "c.pdf"], 1, 415)
    assert service.counts(diagnosis.id) == {PLACE: 2}


def test_a_size_just_above_the_limit_does_not_read_like_the_limit():
    assert receiving._rounded_up(10 * receiving.MB + 1) == "10.1"


def test_all_files_of_a_diagnosis_have_a_limit_together(tmp_path):
    flask_app = make_app(tmp_path, evidence_max_mb=1, evidence_total_mb=1)
    diagnosis = make_diagnosis(flask_app)
    manager = make_user(flask_app, firm_id=diagnosis.firm_id)
    with flask_app.test_request_context():
        sent = [Given(f"{letter}.csv", BytesIO(letter * 600_000)) for letter in (b"a", b"b")]
        added = service.add(manager, read_draft(db.session.get_one(Diagnosis, diagnosis.id)), sent)

        assert (len(added.kept), added.status) == (1, 413)
        assert "加上它会超过 1 MB 的上限" in added.refused[0].message
        assert len(kept()) == 1


def test_the_number_of_files_has_a_limit_too(add, monkeypatch):
    monkeypatch.setattr(service, "MOST_FILES", 1)
    add()
    second = add("b.pdf", made.PDF)

    assert second.status == 413
    assert "已有 1 个文件" in second.refused[0].message
    assert len(kept()) == 1


@pytest.mark.parametrize("stage", [Stage.SUBMITTED, Stage.REVIEWED, Stage.ISSUED])
def test_after_the_submission_nothing_can_be_changed(flask_app, firm, manager, speaking, stage):
    submitted = make_diagnosis(flask_app, firm, stage=stage)
    file = make_evidence(flask_app, submitted, shows=[PLACE])
    draft = read_draft(db.session.get_one(Diagnosis, submitted.id))

    for verb in (
        lambda: service.add(manager, draft, [Given("a.csv", BytesIO(made.CSV))], PLACE),
        lambda: service.link(manager, draft, [file.id], OTHER),
        lambda: service.unlink(manager, draft, file.id, PLACE),
        lambda: service.remove(manager, draft, file.id),
        lambda: service.restore(manager, draft, file.id),
        lambda: service.erase(manager, draft, file.id),
    ):
        with pytest.raises(Stale, match="佐证材料不能再增减"):
            verb()
    assert service.counts(submitted.id) == {PLACE: 1}


def test_a_submission_while_the_file_is_looked_at_keeps_it_out(flask_app, manager, draft, diagnosis, data_dir):
    class Slow(BytesIO):
        """A file during whose reading somebody submits."""

        def read(self, *most):
            with closing(sqlite3.connect(data_dir / "test.db", timeout=0, isolation_level=None)) as database:
                database.execute("UPDATE diagnosis SET stage = 'submitted'")
            return super().read(*most)

    added = service.add(manager, draft(), [Given("a.csv", Slow(made.CSV))], PLACE)

    assert added.status == 409
    assert (rows(), kept()) == ([], [])


def test_looking_at_a_file_does_not_hold_the_database(flask_app, manager, draft, data_dir):
    free = []

    class Watching(BytesIO):
        """A file that looks, while it is read, whether somebody else could write."""

        def read(self, *most):
            with closing(sqlite3.connect(data_dir / "test.db", timeout=0, isolation_level=None)) as database:
                try:
                    database.execute("BEGIN IMMEDIATE")
                    free.append(True)
                    database.execute("ROLLBACK")
                except sqlite3.OperationalError:
                    free.append(False)
            return super().read(*most)

    with flask_app.test_request_context(method="POST"):  # where a transaction takes the lock as it begins
        service.add(manager, draft(), [Given("a.csv", Watching(made.CSV))], PLACE)

    assert len(free) > 4
    assert all(free)
    assert len(rows()) == 1


def test_many_at_once_keep_the_same_file_once(flask_app, manager, diagnosis):
    together, outcomes = Barrier(6), []

    def send() -> None:
        with flask_app.test_request_context(method="POST"):
            draft = read_draft(db.session.get_one(Diagnosis, diagnosis.id))
            db.session.rollback()
            together.wait(timeout=30)
            outcomes.append(service.add(manager, draft, [Given("a.csv", BytesIO(made.CSV))], PLACE))

    threads = [Thread(target=send) for _number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with flask_app.app_context():
        assert sum(len(outcome.kept) for outcome in outcomes) == 1
        assert sum(len(outcome.known) for outcome in outcomes) == 5
        assert len(rows()) == 1
        assert service.counts(diagnosis.id) == {PLACE: 1}


def test_a_disk_that_takes_nothing_is_said_and_leaves_no_row(add, data_dir):
    (data_dir / "evidence").write_text("no folder")
    added = add()
    (data_dir / "evidence").unlink()

    assert added.status == 507
    assert "服务器的磁盘没有存下文件" in added.refused[0].message
    assert rows() == []


# --- the scanner ------------------------------------------------------------------------------------------------------


@pytest.fixture
def scanned(tmp_path):
    """An installation with a scanner: send a file, see what became of it."""
    with listening() as daemon:
        flask_app = make_app(tmp_path, clamd=daemon.server_address)
        diagnosis = make_diagnosis(flask_app)
        manager = make_user(flask_app, firm_id=diagnosis.firm_id)

        def send(name, content):
            draft = read_draft(db.session.get_one(Diagnosis, diagnosis.id))
            return service.add(manager, draft, [Given(name, BytesIO(content))], PLACE)

        with flask_app.test_request_context():
            yield send


def test_a_file_found_clean_is_kept_and_says_so(scanned):
    scanned("a.csv", made.CSV)

    assert [file.scanned for file in rows()] == [True]


def test_an_infected_file_is_not_kept_and_the_finding_is_on_record(scanned):
    added = scanned("发票.txt", EICAR)

    assert added.status == 422
    assert "“发票.txt”：病毒扫描发现 Eicar-Test-Signature" in added.refused[0].message
    assert (rows(), kept()) == ([], [])
    assert events() == [("evidence.infected", {"name": "发票.txt", "found": "Eicar-Test-Signature"})]


def test_without_the_scanners_word_nothing_is_kept(tmp_path):
    flask_app = make_app(tmp_path, clamd=tmp_path / "no.ctl")
    diagnosis = make_diagnosis(flask_app)
    manager = make_user(flask_app, firm_id=diagnosis.firm_id)
    with flask_app.test_request_context():
        draft = read_draft(db.session.get_one(Diagnosis, diagnosis.id))
        added = service.add(manager, draft, [Given("a.csv", BytesIO(made.CSV))], PLACE)

        assert added.status == 503
        assert "“a.csv”：病毒扫描程序没有回应" in added.refused[0].message
        assert (rows(), kept(), events()) == ([], [], [])
