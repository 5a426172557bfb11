"""A wire that can be cut: a TCP proxy that counts the bytes it carries and breaks after exactly so many."""

import contextlib
import selectors
import socket
import struct
import time
from enum import Enum
from threading import Lock, Thread
from typing import Final, NamedTuple, Self

HOST: Final = "127.0.0.1"
CHUNK: Final = 64 * 1024
LINGER_NOT: Final = struct.pack("ii", 1, 0)  # close with a reset
CONNECT_SECONDS: Final = 5.0


class Way(Enum):
    """In which direction bytes are counted."""

    TO_SERVER = "to the server"
    TO_CLIENT = "to the client"


class How(Enum):
    """How a wire breaks."""

    RESET = "reset"
    """Both ends get an RST."""
    FINISH = "finish"
    """Both ends see an orderly end."""
    SILENCE = "silence"
    """Nothing is closed and nothing is carried any more, on this wire or a new one, until the proxy is healed."""


class Cut(NamedTuple):
    """The fault to come: after so many bytes in one direction, counted over all wires from now on.

    After 0 bytes means when the first one arrives: it is not passed on.
    """

    way: Way
    after: int
    how: How


class _Wire(NamedTuple):
    client: socket.socket
    server: socket.socket


class Proxy:
    """Carries every connection made to ``port`` on to the server, until an armed cut strikes."""

    def __init__(self, host: str, port: int) -> None:
        self._server = (host, port)
        self._lock = Lock()
        self._selector = selectors.DefaultSelector()
        self._listener = socket.create_server((HOST, 0), backlog=64)
        self._wake, self._woken = socket.socketpair()
        self._wires: set[_Wire] = set()
        self._mute: list[socket.socket] = []
        self._carried = dict.fromkeys(Way, 0)
        self._armed: Cut | None = None
        self._struck_at: int | None = None
        self._silent = False
        self._closing = False
        self._thread = Thread(target=self._run, name="proxy", daemon=True)

    def __enter__(self) -> Self:
        self._selector.register(self._listener, selectors.EVENT_READ)
        self._selector.register(self._woken, selectors.EVENT_READ)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing = True
        self._wake.send(b"x")
        self._thread.join()
        for wire in list(self._wires):
            self._end(wire, How.FINISH)
        for each in (self._listener, self._wake, self._woken, *self._mute):
            each.close()
        self._selector.close()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    # --- what a test says ---

    def arm(self, cut: Cut) -> None:
        """Let this cut strike; the count begins anew."""
        with self._lock:
            self._carried = dict.fromkeys(Way, 0)
            self._struck_at = None
            self._armed = cut

    def disarm(self) -> int | None:
        """When the cut struck, in nanoseconds of the epoch; None where it did not and now will not."""
        with self._lock:
            self._armed = None
            return self._struck_at

    def count(self) -> None:
        """Begin to count anew."""
        with self._lock:
            self._carried = dict.fromkeys(Way, 0)

    def carried(self) -> dict[Way, int]:
        """Bytes carried since the count began."""
        with self._lock:
            return dict(self._carried)

    def heal(self) -> None:
        """End a silence: new wires carry again, those that lost bytes are reset."""
        with self._lock:
            self._silent = False
            for wire in list(self._wires):
                self._end(wire, How.RESET)
            for mute in self._mute:
                mute.close()
            self._mute.clear()

    # --- the thread ---

    def _run(self) -> None:
        while not self._closing:
            for key, _ in self._selector.select():
                if key.fileobj is self._listener:
                    self._join()
                elif key.fileobj is not self._woken:
                    with self._lock:
                        self._carry(*key.data)

    def _join(self) -> None:
        client, _ = self._listener.accept()
        with self._lock:
            if self._silent:
                self._mute.append(client)
                return
            try:
                server = socket.create_connection(self._server, CONNECT_SECONDS)
            except OSError:  # the server is down: so is the wire
                client.close()
                return
            wire = _Wire(client, server)
            self._wires.add(wire)
            for end, way in ((client, Way.TO_SERVER), (server, Way.TO_CLIENT)):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._selector.register(end, selectors.EVENT_READ, (wire, way))

    def _carry(self, wire: _Wire, way: Way) -> None:
        """Pass on what has come, as far as it goes; the lock is held."""
        if wire not in self._wires:
            return  # ended by an event of the same round
        source, sink = (wire.client, wire.server) if way is Way.TO_SERVER else (wire.server, wire.client)
        try:
            found = source.recv(CHUNK)
            if self._silent:
                if not found:
                    self._end(wire, How.FINISH)
                return
            cut = self._armed if self._armed is not None and self._armed.way is way else None
            rest = len(found) if cut is None else min(len(found), cut.after - self._carried[way])
            if rest:
                sink.sendall(found[:rest])
                self._carried[way] += rest
        except OSError:
            self._end(wire, How.RESET)
            return
        if not found:
            self._end(wire, How.FINISH)
        elif cut is not None and self._carried[way] == cut.after:
            self._strike(wire, cut.how)

    def _strike(self, wire: _Wire, how: How) -> None:
        self._armed, self._struck_at = None, time.time_ns()
        if how is How.SILENCE:
            self._silent = True
        else:
            self._end(wire, how)

    def _end(self, wire: _Wire, how: How) -> None:
        self._wires.discard(wire)
        for end in wire:
            with contextlib.suppress(KeyError, ValueError):
                self._selector.unregister(end)
            with contextlib.suppress(OSError):
                if how is How.RESET:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
            end.close()
