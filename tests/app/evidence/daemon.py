"""A small server that speaks ClamAV's INSTREAM: a peer to talk to over a real socket, which knows one signature."""

from __future__ import annotations

import socketserver
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

# The harmless test file that every scanner reports, put together from halves so that none reports this one.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
MOST = 4 * 1024 * 1024  # bytes that it takes, like StreamMaxLength


class _Talk(socketserver.StreamRequestHandler):
    """One connection: a command that ends with a null, then chunks after their lengths, the last one empty."""

    def handle(self) -> None:
        command = b"".join(iter(lambda: self.rfile.read(1), b"\0"))
        self.server.heard.append(command)
        if command != b"zINSTREAM":
            self.wfile.write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while length := struct.unpack(">I", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
            if len(content) > MOST:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.wfile.write(
            self.server.answer or (b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")
        )


class _Tcp(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


class _Unix(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


@contextmanager
def listening(at: Path | None = None, answer: bytes = b"") -> Iterator[socketserver.BaseServer]:
    """Listen on a free port of this machine or on a socket file; `answer` is said whatever comes."""
    with _Unix(str(at), _Talk) if at else _Tcp(("127.0.0.1", 0), _Talk) as server:
        server.heard, server.answer = [], answer  # type: ignore[attr-defined]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
