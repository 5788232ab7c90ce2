"""Text repair: what JSON or PostgreSQL refuses in an answer costs a character, or at worst one record.

    storable      a record's bytes → text that PostgreSQL takes
    repaired      an answer's bytes → JSON, where that is unambiguous: encoding, BOM, bare control characters
    cut_apart     an answer that is still no JSON → the texts of its records, each to be judged alone
    after_key     where a value begins in such a text

Everything here is for the rare odd answer, except `storable`.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator

REPLACEMENT = "\\ufffd"
# An escape that PostgreSQL's jsonb refuses: NUL, or a surrogate without its other half. The first two
# alternatives step over escaped backslashes and whole pairs.
_ESCAPES = re.compile(
    r"\\\\|\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    r"|(?P<bad>\\u0000|\\u[dD][89a-fA-F][0-9a-fA-F]{2})"
)
_CONTROLS = re.compile(r"[\x00-\x1f]")
_NAMED = {"\t": "\\t", "\n": "\\n", "\r": "\\r"}
_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_STRINGS = re.compile(_STRING, re.S)
_OTHERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # outside a string
_TOKENS = re.compile(rf"(?P<string>{_STRING})|(?P<open>[\[{{])|(?P<close>[\]}}])|,", re.S)
_COLON = re.compile(r"\s*:")
_LIST = re.compile(r"\s*\[")
_BORDER = re.compile(r"\}\s*,\s*(?=\{)")
_AFTER = re.compile(r"\s*[,\]]")
_decode = json.JSONDecoder().raw_decode


def storable(raw: bytes) -> str:
    """A record's JSON text with what PostgreSQL refuses replaced by U+FFFD."""
    text = raw.decode("utf-8", errors="replace")
    if "\\u" not in text:
        return text
    return _ESCAPES.sub(lambda match: REPLACEMENT if match.group("bad") else match.group(), text)


def repaired(body: bytes | bytearray) -> str:
    """An answer as JSON text, where only characters stand in the way.

    Any of JSON's encodings is read; a bare tab or line end in a string is escaped; other control characters become
    U+FFFD.
    """
    text = bytes(body).decode(json.detect_encoding(bytes(body)), errors="replace").lstrip("\ufeff")
    text = _STRINGS.sub(lambda match: _CONTROLS.sub(_escaped, match.group()), text)
    return storable(_OTHERS.sub(" ", text).encode(errors="replace"))


def cut_apart(text: str) -> Iterator[tuple[str, list[str]]]:
    """The answer with an empty `data` and the texts of its records, by each way to tell them apart."""
    yield from filter(None, [_by_brackets(text), _by_siblings(text)])


def after_key(text: str, key: str) -> int | None:
    """Where the value of a key of the outermost object begins, also in a text that is no JSON; None without it."""
    depth = 0
    for token in _TOKENS.finditer(text):
        if depth == 1 and token.group() == f'"{key}"' and (colon := _COLON.match(text, token.end())):
            return colon.end()
        depth += bool(token["open"]) - bool(token["close"])
    return None


def _by_brackets(text: str) -> tuple[str, list[str]] | None:
    """Brackets tell where a record ends, whatever stands inside it, as long as they and the quotes are in pairs."""
    begin = _data(text)
    if begin is None:
        return None
    records, depth, start = [], 0, begin
    for token in _TOKENS.finditer(text, begin):
        if token["open"]:
            depth += 1
        elif depth == 0 and not token["string"]:
            records.append(text[start : token.start()])
            start = token.end()
            if token["close"]:
                return text[:begin] + text[token.start() :], [record for record in records if record.strip()]
        elif token["close"]:
            depth -= 1
    return None


def _by_siblings(text: str) -> tuple[str, list[str]] | None:
    """Whole records have the same keys, wherever the brackets and quotes of another one lead.

    What stands between two whole records is one that is not; a part of it is never taken for a record.
    """
    begin, end = _data(text), text.rfind("]")
    if begin is None or end < begin:
        return None
    borders = [begin, *(match.end() for match in _BORDER.finditer(text, begin))]
    whole = {border: found for border in borders if (found := _whole(text, border))}
    keys = _most(whole, text)
    records, at = [], begin
    for border in borders:
        if border < at or border not in whole or whole[border][0] != keys:
            continue
        if border > at:
            records.append(text[at:border].rstrip().rstrip(","))
        records.append(text[border : whole[border][1]])
        at = _AFTER.match(text, whole[border][1]).end()  # type: ignore[union-attr]
    if at <= end and text[at:end].strip():
        records.append(text[at:end])
    return (text[:begin] + text[end:], records) if keys else None


def _whole(text: str, at: int) -> tuple[frozenset[str], int] | None:
    """The keys and the end of the object at a place; None unless it is one, and a list goes on or ends behind it."""
    try:
        value, end = _decode(text, at)
    except (ValueError, RecursionError):
        return None
    return (frozenset(value), end) if isinstance(value, dict) and _AFTER.match(text, end) else None


def _most(whole: dict[int, tuple[frozenset[str], int]], text: str) -> frozenset[str] | None:
    """The keys of the records: those of the objects that take up most of the text."""
    sizes: Counter[frozenset[str]] = Counter()
    for at, (keys, end) in whole.items():
        sizes[keys] += end - at
    return sizes.most_common(1)[0][0] if sizes else None


def _data(text: str) -> int | None:
    """Where the list of records begins, behind its bracket."""
    at = after_key(text, "data")
    found = _LIST.match(text, at) if at is not None else None
    return found.end() if found else None


def _escaped(match: re.Match[str]) -> str:
    return _NAMED.get(match.group(), REPLACEMENT)
