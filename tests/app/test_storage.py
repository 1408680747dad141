"""Files kept by their digest: whole or not at all, once, and never under a name that somebody typed."""

from __future__ import annotations

import os
import time
from io import BytesIO
from pathlib import Path

import pytest

from app.storage import Measured, Store, measure

# printf 'abc' | sha256sum, and of nothing
ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "evidence")


def test_a_file_is_measured_from_its_beginning_and_left_there():
    content = BytesIO(b"abc")
    content.seek(2)

    assert measure(content) == Measured(ABC, 3)
    assert measure(BytesIO()) == Measured(NOTHING, 0)
    assert content.tell() == 0


def test_what_is_kept_lies_under_its_digest_and_is_for_the_owner_only(store):
    store.keep(BytesIO(b"abc"), ABC)
    file = store.path(ABC)

    assert file == store.folder / "ba" / ABC
    assert file.read_bytes() == b"abc"
    assert file.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in (store.folder, file.parent)} == {0o700}
    assert list(store.digests()) == [ABC]
    assert store.broken_off() == []


def test_the_same_bytes_are_kept_once_and_count_as_given_anew(store):
    store.keep(BytesIO(b"abc"), ABC)
    os.utime(store.path(ABC), (1, 1))
    store.keep(BytesIO(b"abc"), ABC)

    assert list(store.digests()) == [ABC]
    assert store.unused_for(ABC) < 60


def test_bytes_that_are_not_those_of_the_digest_are_not_kept(store):
    with pytest.raises(ValueError, match="changed between"):
        store.keep(BytesIO(b"abd"), ABC)

    assert not store.has(ABC)
    assert store.broken_off() == []


@pytest.mark.parametrize("name", ["../../etc/passwd", "", ABC[:-1], ABC.upper(), f"{ABC}\n", f"../{ABC}"])
def test_nothing_but_a_digest_becomes_a_path(store, name):
    with pytest.raises(ValueError, match="no SHA-256 digest"):
        store.path(name)


def test_a_changed_byte_shows(store):
    store.keep(BytesIO(b"abc"), ABC)
    assert store.is_whole(ABC)
    store.path(ABC).write_bytes(b"abd")

    assert not store.is_whole(ABC)


def test_what_is_erased_is_gone_and_may_be_erased_again(store):
    store.keep(BytesIO(b"abc"), ABC)
    store.erase(ABC)
    store.erase(ABC)

    assert not store.has(ABC)


def test_what_a_power_failure_left_is_found_and_removed_when_it_is_old(store):
    store.keep(BytesIO(b"abc"), ABC)
    for name, age_s in (("old", 7200), ("young", 10)):
        half = store.folder / "incoming" / name
        half.write_bytes(b"ab")
        os.utime(half, (time.time() - age_s,) * 2)

    assert len(store.broken_off()) == 2
    assert store.drop_broken_off(3600) == 1
    assert [half.name for half in store.broken_off()] == ["young"]
