"""The first sheet of a file as rows of texts: CSV in the encodings that spreadsheets write, and XLSX."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from servicetitan_mirror.errors import ConfigurationError

MOST = 200_000_000  # bytes of a sheet, unpacked
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def read(path: Path) -> list[list[str]]:
    """The rows, each with its cells as texts; numbers of a spreadsheet as it stores them, `1234.5`.

    Raises:
        ConfigurationError: the file cannot be read, or is no such file.
    """
    try:
        return [*_xlsx(path)] if zipfile.is_zipfile(path) else _csv(path.read_bytes())
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}.") from None
    except (KeyError, ValueError, csv.Error, zipfile.BadZipFile, ElementTree.ParseError):
        raise ConfigurationError(f"{path} is neither CSV nor XLSX.") from None


def _csv(content: bytes) -> list[list[str]]:
    text = content.decode("utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else _encoding(content))
    counts = {mark: text.count(mark) for mark in ",;\t"}
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=max(counts, key=lambda mark: counts[mark]), strict=True)
    return [[cell.strip() for cell in row] for row in rows]


def _encoding(content: bytes) -> str:
    try:
        content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"


def _xlsx(path: Path) -> Iterator[list[str]]:
    with zipfile.ZipFile(path) as book:
        shared = [_text(item) for item in _parsed(book, "xl/sharedStrings.xml")] if _has_shared(book) else []
        first = min(name for name in book.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name))
        for row in _parsed(book, first).iter(f"{_SHEET}row"):
            cells = {_column(cell.get("r", "")): _value(cell, shared) for cell in row.iter(f"{_SHEET}c")}
            yield [cells.get(column, "") for column in range(max(cells, default=-1) + 1)]


def _has_shared(book: zipfile.ZipFile) -> bool:
    return "xl/sharedStrings.xml" in book.namelist()


def _parsed(book: zipfile.ZipFile, name: str) -> ElementTree.Element:
    if book.getinfo(name).file_size > MOST:
        raise ValueError
    return ElementTree.fromstring(book.read(name))


def _column(reference: str) -> int:
    """`A1` is 0, `AB7` is 27."""
    letters = re.match("[A-Z]+", reference)
    number = 0
    for letter in letters[0] if letters else "A":
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: ElementTree.Element, shared: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return _text(cell)
    value = cell.findtext(f"{_SHEET}v", "")
    return shared[int(value)] if cell.get("t") == "s" else value.strip()


def _text(element: ElementTree.Element) -> str:
    return "".join(part.text or "" for part in element.iter(f"{_SHEET}t")).strip()
