"""The virus scanner is spoken to over a real socket; only its own word that all is well lets a file in."""

from __future__ import annotations

import socket
from io import BytesIO

import pytest

from app.evidence import scanning
from app.evidence.scanning import Infected, ScannerAway, refuse_infected
from tests.app.evidence.daemon import EICAR, MOST, listening

pytestmark = pytest.mark.usefixtures("speaking")


def test_a_clean_file_passes():
    with listening() as daemon:
        refuse_infected(daemon.server_address, BytesIO(b"x" * 300_000))

    assert daemon.heard == [b"zINSTREAM"]


def test_a_file_is_scanned_from_its_beginning_wherever_it_was_read_to():
    content = BytesIO(EICAR)
    content.seek(50)

    with listening() as daemon, pytest.raises(Infected):
        refuse_infected(daemon.server_address, content)


def test_an_infected_file_is_refused_with_what_was_found():
    with listening() as daemon, pytest.raises(Infected) as refused:
        refuse_infected(daemon.server_address, BytesIO(b"x" * 100_000 + EICAR))

    assert (refused.value.status, refused.value.found) == (422, "Eicar-Test-Signature")
    assert "病毒扫描发现 Eicar-Test-Signature，文件没有收下" in refused.value.message


def test_the_socket_file_of_this_machine_works_as_well(tmp_path):
    with listening(tmp_path / "clamd.ctl") as daemon:
        refuse_infected(tmp_path / "clamd.ctl", BytesIO(b"clean"))
        with pytest.raises(Infected):
            refuse_infected(tmp_path / "clamd.ctl", BytesIO(EICAR))

    assert len(daemon.heard) == 2


@pytest.mark.parametrize(
    "answer", [b"stream: Can't allocate memory ERROR\0", b"nonsense\0", b"stream: OK. ERROR\0", b"\0"]
)
def test_any_other_answer_lets_nothing_in(answer):
    with listening(answer=answer) as daemon, pytest.raises(ScannerAway) as refused:
        refuse_infected(daemon.server_address, BytesIO(b"clean"))

    assert refused.value.status == 503
    assert answer.decode().strip("\0") in refused.value.message


def test_a_file_that_is_too_large_for_the_daemon_is_refused_with_its_words():
    with listening() as daemon, pytest.raises(ScannerAway, match=r"size limit exceeded|没有回应"):
        refuse_infected(daemon.server_address, BytesIO(bytes(MOST + 3_000_000)))


def test_a_daemon_that_is_not_there_lets_nothing_in(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = free.getsockname()

    for address in (nobody, tmp_path / "no.ctl", ("no-such-host.invalid", 3310)):
        with pytest.raises(ScannerAway, match="没有回应，文件没有收下"):
            refuse_infected(address, BytesIO(b"clean"))


def test_a_daemon_that_says_nothing_is_given_up(monkeypatch):
    monkeypatch.setattr(scanning, "PATIENCE_S", 0.2)

    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(ScannerAway):
        refuse_infected(silent.getsockname(), BytesIO(b"clean"))
