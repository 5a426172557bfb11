"""A wire to PostgreSQL on which the server says, in the middle of an answer, that it is going."""

import struct
import threading
from contextlib import suppress
from socket import SHUT_RDWR, create_connection, create_server, socket
from typing import Final, Self

from psycopg.conninfo import conninfo_to_dict

READY: Final = b"Z"
"""The message an answer ends with."""
FIELDS: Final = b"SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0"
GOING: Final = b"E" + struct.pack("!i", len(FIELDS) + 4) + FIELDS
"""What PostgreSQL sends whom it terminates."""


class Farewell:
    """Carries all there is to say, until an armed farewell takes the place of the end of an answer, and the wire ends."""

    def __init__(self, url: str) -> None:
        parts = conninfo_to_dict(url)
        self._server = (str(parts["host"]), int(str(parts["port"])))
        self._door = create_server(("127.0.0.1", 0), backlog=64)
        self._sockets = [self._door]
        self._left: int | None = None
        self._swallowed = 0
        self._lock = threading.Lock()
        self.answers = 0
        plain = "sslmode=disable&gssencmode=disable"  # what is answered with one letter is no message
        self.url = f"postgresql://{parts['user']}@127.0.0.1:{self._door.getsockname()[1]}/{parts['dbname']}?{plain}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        for end in self._sockets:
            with suppress(OSError):
                end.shutdown(SHUT_RDWR)
            end.close()

    def arm(self, after: int) -> None:
        """Let the server go at the end of the answer that follows on so many."""
        with self._lock:
            self._left = after

    def swallow(self, answers: int) -> None:
        """Let so many answers get lost on the way, whole; the wire stays open."""
        with self._lock:
            self._swallowed = answers

    def disarm(self) -> bool:
        """Whether it went."""
        with self._lock:
            went, self._left = self._left is None, None
        return went

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._door.accept()
                server = create_connection(self._server)
                self._sockets += (client, server)
                threading.Thread(target=self._ask, args=(client, server), daemon=True).start()
                threading.Thread(target=self._answer, args=(server, client), daemon=True).start()

    def _ask(self, client: socket, server: socket) -> None:
        with suppress(OSError):
            while heard := client.recv(65536):
                server.sendall(heard)
        with suppress(OSError):
            server.shutdown(SHUT_RDWR)

    def _answer(self, server: socket, client: socket) -> None:
        """Message by message: a letter, how long the rest is, the rest."""
        heard = b""
        with suppress(OSError):
            while said := server.recv(65536):
                heard += said
                told = b""
                while len(heard) > 4 and len(heard) >= (end := 1 + struct.unpack("!i", heard[1:5])[0]):
                    message, heard = heard[:end], heard[end:]
                    if message[:1] == READY and self._goes():
                        client.sendall(told + GOING)
                        client.shutdown(SHUT_RDWR)
                        server.shutdown(SHUT_RDWR)
                        return
                    told += message
                    if message[:1] == READY and self._lost():
                        told = b""
                client.sendall(told)
        with suppress(OSError):
            client.shutdown(SHUT_RDWR)

    def _lost(self) -> bool:
        with self._lock:
            self._swallowed -= 1
            return self._swallowed >= 0

    def _goes(self) -> bool:
        with self._lock:
            self.answers += 1
            if self._left is None:
                return False
            self._left -= 1
            if self._left >= 0:
                return False
            self._left = None
            return True
