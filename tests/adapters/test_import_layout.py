"""Files as they come: encodings, delimiters, ways to write a date, and words for nothing; each key has its effect."""

import codecs
import gzip
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from support.import_bench import Bench, at, in_memory
from support.mapping_texts import CLOSED_IF_OUT, RECEIVED_AND_ACCEPTED, mapping_text

from adapters.importing import ImportReport, import_file, load_mapping
from adapters.importing.lines import text_lines
from adapters.importing.sound_mapping import Encoding
from casecore import Fault, Flaw

HEADER: Final = "id,大厅,in,out"
ROW: Final = "A-1,政务大厅①,2023-03-01T09:00:00+08:00,2023-03-03T16:00:00+08:00"
HALL: Final = "政务大厅①"


def said(**keys: str) -> str:
    return mapping_text("own", RECEIVED_AND_ACCEPTED, CLOSED_IF_OUT, **{"hall": '{from = "大厅"}', **keys})


engine = in_memory  # how a file is read does not depend on the store


@pytest.fixture
def read(bench: Bench, tmp_path: Path) -> Callable[..., ImportReport]:
    def _read(content: bytes, name: str = "cases.csv", **keys: str) -> ImportReport:
        (tmp_path / name).write_bytes(content)
        return import_file(bench.engine, bench.mapping(said(**keys)), tmp_path / name)

    return _read


def text(*rows: str) -> str:
    return "\r\n".join((HEADER, *rows)) + "\r\n"


# --- Encodings ---

ENCODED: Final = {
    "gb18030": lambda text: text.encode("gb18030"),
    "gb18030, as a spreadsheet's GBK": lambda text: text.encode("gbk"),
    "gb18030, with its mark": lambda text: b"\x84\x31\x95\x33" + text.encode("gb18030"),
    "utf-16": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf-16, the other way round": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
    "utf-8": lambda text: text.encode(),
    "utf-8, with its mark": lambda text: text.encode("utf-8-sig"),
}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("how", ENCODED)
def test_a_file_is_read_in_the_encoding_its_mapping_names(
    bench: Bench, read: Callable[..., ImportReport], how: str, *, packed: bool
) -> None:
    content = ENCODED[how](text(ROW, ROW.replace("A-1", "上-2")))
    name, content = ("c.csv.gz", gzip.compress(content)) if packed else ("c.csv", content)
    report = read(content, name, encoding=f'"{how.partition(",")[0]}"')

    assert (report.recorded, report.rejected) == (2, [])
    assert (bench.events("A-1")[0].hall, bench.engine.file("上-2").hall) == (HALL, HALL)


@pytest.mark.parametrize(
    ("content", "encoding", "message"),
    [
        (text(ROW).encode("utf-8-sig"), "gb18030", "line 1: begins with the mark of utf-8, the mapping says gb18030"),
        (text(ROW).encode("utf-16"), "utf-8", "line 1: begins with the mark of utf-16, the mapping says utf-8"),
        (text(ROW).encode("utf-16"), "utf-16-be", "line 1: begins with the mark of utf-16, the mapping says utf-16-be"),
        (text(ROW).encode("utf-16-le"), "utf-16", "line 1: no mark says which UTF-16 it is"),
        (text(ROW).encode("gb18030"), "utf-8", "line 1: is not UTF-8 (byte 4 of the line)"),
        (text(ROW).encode(), "gb18030", "line 1: this file is valid UTF-8, the mapping says gb18030"),
        (text(ROW).encode(), "utf-16-le", "line 1: this file is valid UTF-8, the mapping says utf-16-le"),
    ],
)
def test_a_file_in_another_encoding_than_its_mapping_names_is_not_read(
    read: Callable[..., ImportReport], content: bytes, encoding: str, message: str
) -> None:
    with pytest.raises(Fault) as caught:
        read(content, encoding=f'"{encoding}"')
    assert str(caught.value).startswith(f"cases.csv: {message}")


PLAIN: Final = "id,hall,in,out\r\nA-1,{},2023-03-01,\r\nA-2,{},2023-03-01,\r\n"
AS_GB18030: Final = ": the file reads as GB18030, and the mapping says utf-8"


@pytest.mark.parametrize("hall", ["政务", "大厅大厅", "政务大厅①"])
def test_utf8_that_reads_as_gb18030_is_refused_before_a_word_of_it_is_recorded(
    read: Callable[..., ImportReport], hall: str
) -> None:
    content = PLAIN.format("North", hall).encode()
    if len(hall.encode()) % 2 == 0:
        assert hall not in content.decode("gb18030"), "it is read as something else, without an error"
    with pytest.raises(Fault, match=r"cases\.csv: line 3: this file is valid UTF-8, the mapping says gb18030"):
        read(content, encoding='"gb18030"', hall='{from = "hall"}')
    assert read(content, hall='{from = "hall"}').recorded == 2


@pytest.mark.parametrize("packed", [False, True])
def test_gb18030_under_a_mapping_of_utf8_says_so_where_it_fails(read: Callable[..., ImportReport], *, packed: bool) -> None:
    content = PLAIN.format("政务大厅", "北厅").encode("gb18030")
    name, content = ("c.csv.gz", gzip.compress(content)) if packed else ("c.csv", content)
    report = read(content, name, hall='{from = "hall"}')
    assert [(one.line, one.code, one.reason) for one in report.rejected] == [
        (2, Flaw.NOT_UTF8, f"is not UTF-8 (byte 5 of the line){AS_GB18030}"),
        (3, Flaw.NOT_UTF8, f"is not UTF-8 (byte 5 of the line){AS_GB18030}"),
    ]
    with pytest.raises(Fault, match=rf"line 1: is not UTF-8 \(byte 4 of the line\){AS_GB18030}"):
        read(text(ROW).encode("gb18030"))


def test_one_line_of_another_encoding_makes_the_file_none_of_it(read: Callable[..., ImportReport]) -> None:
    rows = [PLAIN.format("政务大厅", "北厅").encode(), "A-3,南厅,2023-03-01,\r\n".encode("gb18030")]
    (rejected,) = read(b"".join(rows), hall='{from = "hall"}').rejected
    assert (rejected.line, rejected.reason) == (4, "is not UTF-8 (byte 5 of the line)")


@pytest.mark.parametrize("hall", ["一", "一中", "茅台", "厅", "\u4e00\u4e28", "é", "\U00020bb7"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le", "utf-16-be"])
def test_a_file_in_the_encoding_it_is_said_to_be_in_raises_no_alarm(
    bench: Bench, read: Callable[..., ImportReport], encoding: str, hall: str
) -> None:
    report = read(PLAIN.format(hall, hall).encode(encoding), encoding=f'"{encoding}"', hall='{from = "hall"}')
    assert (report.recorded, report.rejected, bench.engine.file("A-2").hall) == (2, [], hall)


_COMMON: Final = st.integers(0xB0, 0xF7).flatmap(
    lambda lead: st.integers(0xA1, 0xFE).map(lambda trail: bytes((lead, trail)))
)


@given(st.lists(_COMMON, min_size=1, max_size=6))
@example([b"\xe6\xa1", b"\xb3\xe6", b"\xb0\xa1"])
def test_common_characters_in_gb18030_are_never_taken_for_utf8(characters: list[bytes]) -> None:
    content = b"".join(characters)
    with suppress(UnicodeDecodeError):
        assert [*text_lines(BytesIO(content), Encoding.GB18030, "c.csv")] == [content.decode("gb2312")]  # type: ignore[arg-type]


GB, LE = text(ROW).encode("gb18030"), text(ROW).encode("utf-16")


@pytest.mark.parametrize(
    ("content", "encoding", "reason"),
    [
        (GB + b"A-2,\xff,2023-03-01,\r\n", "gb18030", "is not GB18030 (byte 5 of the line)"),
        (GB + b"A-2,\x81\r\n", "gb18030", "is not GB18030 (byte 5 of the line)"),
        (GB + b'A-2,"\x81",2023-03-01,\r\n', "gb18030", "is not GB18030 (byte 6 of the line)"),
        (LE + "A-2,".encode("utf-16-le") + b"\x00\xd8" + ",x,\r\n".encode("utf-16-le"), "utf-16", "character 5 of the"),
        (LE + "A-2,".encode("utf-16-le") + b"\x00\xdc" + ",x,\r\n".encode("utf-16-le"), "utf-16", "character 5 of the"),
    ],
)
def test_bytes_that_are_no_text_are_a_bad_row_with_its_line_and_the_next_is_read(
    bench: Bench, read: Callable[..., ImportReport], content: bytes, encoding: str, reason: str
) -> None:
    last = ROW.replace("A-1", "A-3") + "\r\n"
    report = read(content + last.encode("gb18030" if encoding == "gb18030" else "utf-16-le"), encoding=f'"{encoding}"')

    (rejected,) = report.rejected
    assert (rejected.line, rejected.code) == (3, Flaw.UNDECODABLE)
    assert reason in rejected.reason
    assert bench.engine.file("A-3").hall == HALL
    assert (report.rows, report.recorded) == (3, 2)


def test_half_a_character_at_the_end_of_a_file_is_a_broken_file(read: Callable[..., ImportReport]) -> None:
    with pytest.raises(Fault, match=r"cases\.csv: line 3: cannot be read: it ends in half a character"):
        read(LE + b"A", encoding='"utf-16"')


def test_a_line_too_long_in_two_bytes_a_sign_is_kept_apart(bench: Bench, read: Callable[..., ImportReport]) -> None:
    content = text(ROW, "x" * 1_000_000, ROW.replace("A-1", "A-3")).encode("utf-16")
    report = read(content, encoding='"utf-16"')

    assert [(one.line, one.code) for one in report.rejected] == [(3, Flaw.TOO_LARGE)]
    assert bench.engine.file("A-3").hall == HALL


# --- Delimiters ---


@pytest.mark.parametrize("sign", [";", "\t", "|", ":", "，"])
def test_fields_are_parted_by_the_delimiter_the_mapping_names(read: Callable[..., ImportReport], sign: str) -> None:
    row = "A-1,h,2023-03-01,".replace(",", sign)
    content = f"{HEADER.replace(',', sign)}\n{row}\n".encode()

    assert read(content, delimiter=f'"{sign}"'.replace("\t", "\\t")).recorded == 1
    with pytest.raises(Fault, match="is not in the header"):
        read(content)


@pytest.mark.parametrize("sign", ["", ";;", "a", "1", '\\"', " ", "\\n", "-", "."])
def test_what_cannot_part_fields_is_no_delimiter(bench: Bench, sign: str) -> None:
    with pytest.raises(Fault, match=r"delimiter: .* is no delimiter"):
        bench.mapping(said(delimiter=f'"{sign}"'))


# --- Dates ---


@pytest.mark.parametrize(
    ("formats", "written", "instant"),
    [
        ('["slashes"]', "2023/1/3 9:10", "2023-01-03T09:10:00+08:00"),
        ('["slashes"]', "2023/01/03 09:10:05", "2023-01-03T09:10:05+08:00"),
        ('["slashes"]', "2023/1/3", "2023-01-03T00:00:00+08:00"),
        ('["compact"]', "20230103091000", "2023-01-03T09:10:00+08:00"),
        ('["compact"]', "202301030910", "2023-01-03T09:10:00+08:00"),
        ('["compact"]', "20230103", "2023-01-03T00:00:00+08:00"),
        ('["chinese"]', "2026年3月2日", "2026-03-02T00:00:00+08:00"),
        ('["chinese"]', "2026年03月02日 9:10", "2026-03-02T09:10:00+08:00"),
        ('["chinese"]', "2026年3月2日9时10分05秒", "2026-03-02T09:10:05+08:00"),
        ('["chinese"]', "2026年3月2日 9点", "2026-03-02T09:00:00+08:00"),
        ('["excel"]', "44929", "2023-01-03T00:00:00+08:00"),
        ('["excel"]', "44929.3819444444", "2023-01-03T09:10:00+08:00"),  # as a spreadsheet writes 9:10
        ('["excel"]', "44929.3819444444452528841793537139892578125", "2023-01-03T09:10:00+08:00"),
        ('["excel"]', "61", "1900-03-01T00:00:00+08:06"),  # 60 is the 1900-02-29 that never was
        ('["excel"]', "59", "1900-02-28T00:00:00+08:06"),
        ('["excel"]', "1", "1900-01-01T00:00:00+08:06"),
        ('["excel-1904"]', "43467.5", "2023-01-03T12:00:00+08:00"),
        ('["dd.MM.yyyy HH:mm"]', "03.01.2023 09:10", "2023-01-03T09:10:00+08:00"),
        ("[\"M/d/yyyy' at 'H:mm\"]", "1/3/2023 at 9:10", "2023-01-03T09:10:00+08:00"),
        ('["yyyy-MM-dd HH:mm:ss.SSSXXX"]', "2023-01-03 01:10:00.250Z", "2023-01-03T09:10:00.250000+08:00"),
        ('["yyyy/M/d H:mm"]', "2023/1/3 24:00", "2023-01-03T23:59:59.999999+08:00"),
        ('["slashes", "iso"]', "2023-01-03T09:10:00+08:00", "2023-01-03T09:10:00+08:00"),
        ('["dd/MM/yyyy", "MM/dd/yyyy"]', "13/01/2023", "2023-01-13T00:00:00+08:00"),
        ('["dd/MM/yyyy", "MM/dd/yyyy"]', "01/01/2023", "2023-01-01T00:00:00+08:00"),
        ('{in = ["slashes"]}', "2023/1/3", "2023-01-03T00:00:00+08:00"),
    ],
)
def test_an_instant_is_read_as_the_mapping_says_it_is_written(
    bench: Bench, read: Callable[..., ImportReport], formats: str, written: str, instant: str
) -> None:
    report = read(text(f"A-1,h,{written},").encode(), dates=formats)
    assert report.rejected == []
    assert bench.events("A-1")[0].at.replace(second=bench.events("A-1")[0].at.second).isoformat()[:16] == instant[:16]
    if "1900" not in instant:  # offsets of the nineteenth century have seconds
        assert bench.events("A-1")[0].at.isoformat() == instant


@pytest.mark.parametrize(
    "written", ["2023/1/3 9:10", "2026年3月2日", "44929", "1/3/2023", "2023.1.3", "03-Jan-23", "2023年1月3日9时"]
)
def test_without_a_format_only_the_standard_is_read(read: Callable[..., ImportReport], written: str) -> None:
    (rejected,) = read(text(f"A-1,h,{written},").encode()).rejected
    assert rejected.code is Flaw.WRONG_TYPE
    assert rejected.reason.startswith(f"in: {written!r} is not an instant such as")


@pytest.mark.parametrize(
    ("formats", "written", "code", "reason"),
    [
        ('["dd/MM/yyyy", "MM/dd/yyyy"]', "03/04/2026", Flaw.CONTRADICTION, "may be 2026-04-03T00:00:00 (dd/MM/yyyy) or"),
        ('["yyyyMMdd", "yyyyddMM"]', "20260304", Flaw.CONTRADICTION, "two formats of the mapping fit it"),
        ('["excel", "excel-1904"]', "44929", Flaw.CONTRADICTION, "may be 2023-01-03T00:00:00 (excel) or"),
        ('["slashes"]', "23/1/3", Flaw.WRONG_TYPE, "fits no date format of the mapping (slashes)"),
        ('["slashes"]', "2023/1/3 9.10", Flaw.WRONG_TYPE, "fits no date format of the mapping (slashes)"),
        ('["slashes"]', "2023/2/30", Flaw.WRONG_TYPE, "day is out of range for month"),
        ('["slashes"]', "2023/1/3 25:00", Flaw.WRONG_TYPE, "hour must be in 0..23"),
        ('["slashes"]', "2023/1/3 24:01", Flaw.WRONG_TYPE, "hour must be in 0..23"),
        ('["slashes"]', "２０２３/1/3", Flaw.WRONG_TYPE, "fits no date format"),
        ('["slashes"]', "2023-01-03", Flaw.WRONG_TYPE, "fits no date format of the mapping (slashes)"),
        ('["compact"]', "2023010309", Flaw.WRONG_TYPE, "fits no date format of the mapping (compact)"),
        ('["excel"]', "60", Flaw.WRONG_TYPE, "1900-02-29 to a spreadsheet, a day that never was"),
        ('["excel"]', "60.5", Flaw.WRONG_TYPE, "1900-02-29 to a spreadsheet, a day that never was"),
        ('["excel"]', "0", Flaw.WRONG_TYPE, "0 is no day to a spreadsheet"),
        ('["excel"]', "2958466", Flaw.WRONG_TYPE, "fits no date format of the mapping (excel)"),
        ('["excel"]', "-5", Flaw.WRONG_TYPE, "fits no date format of the mapping (excel)"),
        ('["excel"]', "2958465.9999999999", Flaw.WRONG_TYPE, "date value out of range"),
        ('["excel"]', "4.49E+04", Flaw.WRONG_TYPE, "fits no date format of the mapping (excel)"),
    ],
)
def test_an_instant_that_is_not_written_so_or_could_be_two_is_never_guessed(
    read: Callable[..., ImportReport], formats: str, written: str, code: Flaw, reason: str
) -> None:
    (rejected,) = read(text(f"A-1,h,{written},").encode(), dates=formats).rejected
    assert (rejected.line, rejected.case, rejected.code) == (2, "A-1", code)
    assert reason in rejected.reason


def test_each_column_has_its_own_formats(bench: Bench, read: Callable[..., ImportReport]) -> None:
    row = b"A-1,h,2023/1/3 9:10,20230104"
    read(text(row.decode()).encode(), dates='{in = ["slashes"], out = ["compact"]}')
    assert [fact.at for fact in bench.events("A-1")] == [at("2023-01-03T09:10:00+08:00")] * 2 + [
        at("2023-01-04T00:00:00+08:00")
    ]
    assert len(read(text(row.decode()).encode(), dates='{in = ["compact"], out = ["slashes"]}').rejected) == 1


# --- Words for nothing ---


@pytest.mark.parametrize("word", ["NULL", "--", "9999-12-31", "无", "\\N"])
def test_a_word_for_nothing_is_an_empty_field(bench: Bench, read: Callable[..., ImportReport], word: str) -> None:
    content = text(f"A-1,h,2023-03-01, {word} ").encode()
    for case, nothing in (("everywhere", f"['{word}']"), ("in its column", f"{{out = ['{word}', 'x']}}")):
        report = read(content.replace(b"A-1", case.encode().replace(b" ", b"-")), nothing=nothing)
        assert (report.rejected, report.events) == ([], 2)
    without = read(content.replace(b"A-1", b"B-1"))
    assert (
        without.rejected if word != "9999-12-31" else bench.engine.file("B-1").closed_at == at("9999-12-31T00:00:00+08:00")
    )


def test_nothing_in_a_column_that_must_not_be_empty_rejects_the_row(read: Callable[..., ImportReport]) -> None:
    report = read(text("NULL,h,2023-03-01,", "A-2,NULL,2023-03-01,", "A-3,h,--,").encode(), nothing='["NULL", "--"]')
    assert [one.reason for one in report.rejected] == ["id: no case id", "hall: empty", "in: empty"]


def test_a_word_for_nothing_in_one_column_is_a_word_in_another(bench: Bench, read: Callable[..., ImportReport]) -> None:
    read(text("A-1,--,2023-03-01,--").encode(), nothing='{out = ["--"]}')
    assert bench.engine.file("A-1").hall == "--"


# --- Mappings that are unsound ---


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"encoding": '"latin-1"'}, "encoding: 'latin-1' is none of utf-8, gb18030, utf-16, utf-16-le, utf-16-be"),
        ({"dates": '["yy/M/d"]'}, "dates[0]: 'yy/M/d' is no date format: 'yy' is none of iso, excel,"),
        ({"dates": '["hh:mm"]'}, "dates[0]: 'hh:mm' is no date format: 'hh' is none of"),
        ({"dates": '["yyyy-M"]'}, "dates[0]: 'yyyy-M' does not say the day"),
        ({"dates": '["yyyyMd"]'}, "dates[0]: 'yyyyMd': nothing parts d from the number before it"),
        ({"dates": '["yyyyM[d]"]'}, "dates[0]: 'yyyyM[d]': nothing parts d from the number before it"),
        ({"dates": '["yyyy-MM-dd mm"]'}, "dates[0]: 'yyyy-MM-dd mm' says the minute and not the hour"),
        ({"dates": '["yyyy-MM-dd[ HH"]'}, "dates[0]: 'yyyy-MM-dd[ HH': a bracket has no partner"),
        ({"dates": '["yyyy-MM-dd dd"]'}, "dates[0]: 'yyyy-MM-dd dd': stands twice in it"),
        ({"dates": "[]"}, "dates: no format"),
        ({"dates": "{in = []}"}, "dates.in: no format"),
        ({"dates": '{inn = ["iso"]}'}, "dates.inn: no fact of this mapping reads an instant from this column"),
        ({"dates": '{id = ["iso"]}'}, "dates.id: no fact of this mapping reads an instant from this column"),
        ({"nothing": '{colour = ["--"]}'}, "nothing.colour: no fact of this mapping reads from this column"),
        ({"nothing": '"--"'}, "nothing: must be a list"),
        ({"format": '"xes"', "encoding": '"gb18030"'}, "encoding: means nothing for xes: it is said of CSV files"),
        ({"format": '"xes"', "delimiter": '";"'}, "delimiter: means nothing for xes: it is said of CSV files"),
    ],
)
def test_a_mapping_that_says_too_little_of_its_file_is_refused(tmp_path: Path, keys: dict[str, str], message: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(said(**keys), encoding="utf-8")
    with pytest.raises(Fault) as caught:
        load_mapping(path)
    assert str(caught.value).startswith(f"own.toml: {message}")
