"""Looking for viruses: ClamAV's daemon is handed the bytes and answers in one line (its command INSTREAM)."""

from __future__ import annotations

import re
import socket
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeAlias

from flask_babel import gettext as _

from app.errors import Refused

Address: TypeAlias = "tuple[str, int] | Path"  # host and port, or a socket of this machine
PATIENCE_S = 60  # for each answer; a large archive takes some seconds
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096  # bytes


class Infected(Refused):
    """The scanner found something."""

    status = 422

    def __init__(self, message: str, found: str) -> None:
        super().__init__(message)
        self.found = found


class ScannerAway(Refused):
    """The scanner gave no verdict, so nothing is accepted."""

    status = 503


def refuse_infected(address: Address, content: BinaryIO) -> None:
    """Return only when the daemon found the bytes clean. Raises Infected; ScannerAway when it says anything else."""
    content.seek(0)
    try:
        answer = _ask(address, content)
    except OSError as fault:
        raise ScannerAway(_("病毒扫描程序没有回应，文件没有收下。请稍后再试；一直这样请联系管理员。")) from fault
    if found := re.fullmatch(r"stream: (.+) FOUND", answer):
        raise Infected(
            _("病毒扫描发现 %(found)s，文件没有收下。请先杀毒，再上传干净的文件。", found=found[1]), found[1]
        )
    if answer != "stream: OK":
        raise ScannerAway(_("病毒扫描没有完成，文件没有收下。请把这句话告诉管理员：%(answer)s", answer=answer[:200]))


def _ask(address: Address, content: BinaryIO) -> str:
    with _connected(address) as daemon:
        # It may hang up early because the file is too large for it, and has said so.
        with suppress(BrokenPipeError, ConnectionResetError):
            _hand_over(daemon, content)
        return _answer(daemon)


def _connected(address: Address) -> socket.socket:
    if isinstance(address, tuple):
        return socket.create_connection(address, timeout=PATIENCE_S)
    daemon = socket.socket(socket.AF_UNIX)
    daemon.settimeout(PATIENCE_S)
    try:
        daemon.connect(str(address))
    except OSError:
        daemon.close()
        raise
    return daemon


def _hand_over(daemon: socket.socket, content: BinaryIO) -> None:
    daemon.sendall(b"zINSTREAM\0")
    while chunk := content.read(CHUNK):
        daemon.sendall(len(chunk).to_bytes(4, "big") + chunk)
    daemon.sendall(bytes(4))


def _answer(daemon: socket.socket) -> str:
    heard = b""
    while b"\0" not in heard and len(heard) < LONGEST_ANSWER:
        more = daemon.recv(LONGEST_ANSWER)
        if not more:
            break
        heard += more
    return heard.partition(b"\0")[0].decode("utf-8", "replace").strip()
