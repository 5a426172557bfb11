"""The lines of a file as text, in the encoding a mapping names.

A line that is too long, or not in that encoding, is raised and the next one can be asked for. A file whose mark says
another encoding than the mapping is broken, and so is one that is plainly UTF-8: nearly any bytes read as *some* GB18030.
"""

import codecs
import gzip
import zlib
from functools import cached_property
from io import BufferedReader, TextIOWrapper
from pathlib import Path
from typing import Final, Self

from adapters.importing.sound_mapping import Encoding
from casecore.errors import BadInput, Fault, Flaw

__all__ = ["BROKEN_FILE", "HEAD_BYTES", "Lines", "opened", "text_lines"]

Bytes = BufferedReader | gzip.GzipFile

MAX_LINE_BYTES: Final = 1024 * 1024
HEAD_BYTES: Final = 256 * 1024
"""What is looked at to tell how a file is written."""

BROKEN_FILE: Final = (OSError, EOFError, zlib.error)
"""What reading a file, compressed or not, may raise where it is broken."""

_MARKS: Final = {
    codecs.BOM_UTF8: (Encoding.UTF_8, Encoding.UTF_8),
    codecs.BOM_UTF16_LE: (Encoding.UTF_16, Encoding.UTF_16_LE),
    codecs.BOM_UTF16_BE: (Encoding.UTF_16, Encoding.UTF_16_BE),
    b"\x84\x31\x95\x33": (Encoding.GB18030, Encoding.GB18030),
}
"""What a file may begin with, and the names of the encoding it says: the usual one, and the exact one."""
_LONGEST_MARK: Final = 4


def opened(path: Path) -> Bytes:
    """Open a file for reading, unpacked where its name ends in ``.gz``."""
    return gzip.open(path) if path.suffix == ".gz" else path.open("rb")


def text_lines(file: Bytes, encoding: Encoding, name: str) -> "Lines":
    """Read the lines of a file from its beginning; raises ``Fault`` where its mark and the encoding do not agree."""
    begin = file.read(_LONGEST_MARK)
    mark, said = next(((mark, said) for mark, said in _MARKS.items() if begin.startswith(mark)), (b"", ()))
    if said and encoding not in said:
        raise Fault(f"{name}: line 1: begins with the mark of {said[0]}, the mapping says {encoding}")
    if not said and encoding is Encoding.UTF_16:
        raise Fault(f"{name}: line 1: no mark says which UTF-16 it is; the mapping may say utf-16-le or utf-16-be")
    head = begin + _head(file)
    if not said and encoding is not Encoding.UTF_8 and (line := _plainly_utf8(head)):
        raise Fault(f"{name}: line {line}: this file is valid UTF-8, the mapping says {encoding}")
    file.seek(len(mark))
    if encoding in (Encoding.UTF_8, Encoding.GB18030):
        return Lines(file, encoding, head)
    return _WideLines(file, said[-1] if said else encoding)


def _head(file: Bytes) -> bytes:
    """What comes next; nothing where the file breaks off in it, which is told where a line is missing."""
    try:
        return file.read(HEAD_BYTES)
    except BROKEN_FILE:
        return b""


def _whole_lines(head: bytes) -> bytes:
    """The head of a file without the line it breaks off in."""
    return head[: head.rfind(b"\n") + 1] if len(head) >= HEAD_BYTES else head


def _plainly_utf8(head: bytes) -> int:
    """The first line with a character of three bytes in UTF-8; 0 where there is none, or the head may be something else.

    Text of common characters (GB 2312) can look like UTF-8 as long as it is short: 一 does, and so do three characters that
    few use. Text that is UTF-8 hardly looks like that.
    """
    whole = _whole_lines(head)
    if whole.isascii() or not _is_text(whole, "utf-8") or _is_text(whole, "gb2312"):
        return 0
    text = whole.decode()
    wide = next((n for n, sign in enumerate(text) if sign > "\u07ff"), None)
    return 0 if wide is None else text.count("\n", 0, wide) + 1


def _reads_as_gb18030(head: bytes) -> bool:
    """Whether the lines that are no UTF-8 are most of those that are not plain ASCII, and all of them are GB18030."""
    lines = [line for line in _whole_lines(head).split(b"\n") if not line.isascii()]
    bad = [line for line in lines if not _is_text(line, Encoding.UTF_8)]
    return 2 * len(bad) > len(lines) and all(_is_text(line, Encoding.GB18030) for line in lines)


def _is_text(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


class Lines:
    """The lines of a file in which a line feed and a quote are one byte each, and part of no other character."""

    def __init__(self, file: Bytes, encoding: Encoding, head: bytes = b"") -> None:
        self._file = file
        self._encoding = encoding
        self._head = head
        self.count = 0
        self.open_quote = False
        """Whether a quoted field goes on beyond a line that was raised."""

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        raw = self._file.readline(MAX_LINE_BYTES)
        if not raw:
            raise StopIteration
        self.count += 1
        quotes = raw.count(b'"')
        if len(raw) == MAX_LINE_BYTES and not raw.endswith(b"\n"):
            while (more := self._file.readline(MAX_LINE_BYTES)) and not more.endswith(b"\n"):
                quotes += more.count(b'"')
            self.open_quote = (quotes + more.count(b'"')) % 2 == 1
            raise BadInput(Flaw.TOO_LARGE, "", f"longer than {MAX_LINE_BYTES} bytes")
        try:
            return raw.decode(self._encoding)
        except UnicodeDecodeError as flaw:
            self.open_quote = quotes % 2 == 1
            raise _undecodable(self._encoding, f"byte {flaw.start + 1} of the line", self._hint) from flaw

    @cached_property
    def _hint(self) -> str:
        """Which encoding it may be, where the whole head of the file says so."""
        if self._encoding is Encoding.UTF_8 and _reads_as_gb18030(self._head):
            return ": the file reads as GB18030, and the mapping says utf-8"
        return ""


class _WideLines(Lines):
    """The lines of a file of two bytes a unit; half a pair of surrogates spoils its line only."""

    def __init__(self, file: Bytes, encoding: Encoding) -> None:
        super().__init__(file, encoding)
        self._text = TextIOWrapper(file, encoding, errors="surrogatepass", newline="\n")

    def __next__(self) -> str:
        limit = MAX_LINE_BYTES // 2
        try:
            text = self._text.readline(limit)
            if not text:
                raise StopIteration
            self.count += 1
            quotes = text.count('"')
            if len(text) == limit and not text.endswith("\n"):
                while (more := self._text.readline(limit)) and not more.endswith("\n"):
                    quotes += more.count('"')
                self.open_quote = (quotes + more.count('"')) % 2 == 1
                raise BadInput(Flaw.TOO_LARGE, "", f"longer than {MAX_LINE_BYTES} bytes")
        except UnicodeDecodeError as flaw:
            raise EOFError("it ends in half a character") from flaw
        if not text.isascii():
            half = next((n for n, sign in enumerate(text, 1) if "\ud800" <= sign <= "\udfff"), None)
            if half is not None:
                self.open_quote = quotes % 2 == 1
                raise _undecodable(self._encoding, f"character {half} of the line is half a pair")
        return text


def _undecodable(encoding: Encoding, where: str, hint: str = "") -> BadInput:
    if encoding is Encoding.UTF_8:
        return BadInput(Flaw.NOT_UTF8, "", f"is not UTF-8 ({where}){hint}")
    return BadInput(Flaw.UNDECODABLE, "", f"is not {encoding.upper()} ({where}){hint}")
