"""What a look at every file finds: missing, changed, named by nobody, broken off."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from io import BytesIO

import pytest

from app.evidence import service, upkeep
from app.storage import Store, measure
from tests.factories import make_evidence


@pytest.fixture
def store(flask_app, speaking) -> Store:
    return service.storage()


def test_a_file_and_its_small_picture_are_both_held_against_their_digests(flask_app, store, diagnosis):
    file = make_evidence(flask_app, diagnosis, picture=b"small")

    assert upkeep.check() == upkeep.Found(1, (), (), 0)
    store.path(file.preview).write_bytes(b"other")
    [fault] = upkeep.check().faults
    assert "内容与上传时不同" in fault
    store.path(file.digest).unlink()
    [fault] = upkeep.check().faults
    assert "文件不在了，请从备份恢复" in fault
    assert file.name in fault


def test_the_bytes_of_a_removed_file_are_kept_and_those_of_an_erased_one_are_no_fault(flask_app, store, diagnosis):
    now = diagnosis.started_at
    removed = make_evidence(flask_app, diagnosis, removed_at=now)
    erased = make_evidence(flask_app, diagnosis, content=b"gone", removed_at=now, erased_at=now)
    store.erase(erased.digest)

    assert upkeep.check() == upkeep.Found(1, (), (), 0)
    assert store.has(removed.digest)


def test_only_what_is_old_and_named_by_nobody_is_swept_away(flask_app, store, diagnosis):
    kept = make_evidence(flask_app, diagnosis)
    digests = [measure(BytesIO(content)).digest for content in (b"old", b"young")]
    for content, digest in zip((b"old", b"young"), digests, strict=True):
        store.keep(BytesIO(content), digest)
    half = store.folder / "incoming" / "half"
    half.write_bytes(b"h")
    for old in (store.path(digests[0]), half):
        os.utime(old, (1, 1))
    found = upkeep.check()

    assert set(found.orphans) == set(digests)
    assert found.broken_off == 1
    assert upkeep.sweep(found) == 2
    assert set(store.digests()) == {kept.digest, digests[1]}


def test_reading_all_files_does_not_hold_the_database(flask_app, data_dir, diagnosis, monkeypatch):
    make_evidence(flask_app, diagnosis)
    free = []

    def writes_meanwhile(_store, _digest):
        with closing(sqlite3.connect(data_dir / "test.db", timeout=0, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            free.append(True)
        return True

    monkeypatch.setattr(Store, "is_whole", writes_meanwhile)
    with flask_app.app_context():
        upkeep.check()

    assert free == [True]


def test_bytes_that_were_given_again_since_the_look_are_not_swept_away(flask_app, store, diagnosis):
    digest = measure(BytesIO(b"again")).digest
    store.keep(BytesIO(b"again"), digest)
    found = upkeep.check()
    make_evidence(flask_app, diagnosis, content=b"again")
    os.utime(store.path(digest), (1, 1))

    assert found.orphans == (digest,)
    assert upkeep.sweep(found) == 0
    assert store.has(digest)
