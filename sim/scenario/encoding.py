"""Bytes of a file as text: UTF-8, what says by its mark what it is, and what is surely GB18030."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from typing import Final

from sim.errors import Problem, ScenarioError

MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "UTF-16"),
)
"""Longer marks first: that of UTF-32 begins like that of UTF-16."""
BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")
"""A pattern and not a look at each sign: a table may have tens of millions."""
SURE_SHARE: Final = 0.9
"""Share of the signs beyond ASCII that must be everyday Chinese, for a file without a mark; in the
scenario of the city 99 in a hundred are."""


def decode(data: bytes, name: str = "") -> tuple[str, str]:
    """The text of a file, and the encoding it was in.

    Without a mark it is UTF-8, or GB18030 when nearly all that is not ASCII is everyday Chinese in
    it. Other encodings without a mark cannot be told from each other, and are refused.

    Raises
    ------
    ScenarioError
        `not_utf8` for bytes that are none of these, `damaged_encoding` for a file that is not what
        its mark says.

    Examples
    --------
    >>> decode("大厅".encode("gb18030"))
    ('大厅', 'GB18030')
    >>> decode("大厅".encode("utf-16"))
    ('大厅', 'UTF-16')
    """
    for mark, codec, encoding in MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(codec), encoding
            except UnicodeDecodeError as error:
                raise _refused(error, name, encoding) from None
    try:
        return data.decode("utf-8"), "UTF-8"
    except UnicodeDecodeError as error:
        if not _nearly_utf8(data) and (text := _chinese(data)) is not None:
            return text, "GB18030"
        raise _refused(error, name) from None


def _refused(error: UnicodeDecodeError, name: str, encoding: str = "") -> ScenarioError:
    """The first byte that is no text, where an editor shows it: signs are counted, not bytes."""
    before = error.object[: error.start].decode(error.encoding)
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    wrong_byte = f"{encoding} 0x{error.object[error.start]:02X}".strip()
    code = "damaged_encoding" if encoding else "not_utf8"
    return ScenarioError(Problem(code, "", name, line, column, found=wrong_byte))


def _nearly_utf8(data: bytes) -> bool:
    """Whether more signs beyond ASCII are whole in UTF-8 than are not: a damaged file."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return len(BEYOND_ASCII.findall(text)) - broken > broken


def _chinese(data: bytes) -> str | None:
    """The text in GB18030, if it is surely that."""
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError:
        return None
    signs = Counter(BEYOND_ASCII.findall(text))
    everyday = sum(count for sign, count in signs.items() if _is_everyday(sign))
    return text if everyday >= SURE_SHARE * signs.total() else None


def _is_everyday(sign: str) -> bool:
    """Whether a sign is Chinese punctuation, or one of the 3,755 characters used most.

    These are the rows 1 to 3 and 16 to 55 of the national standard of 1980.
    """
    try:
        pair = sign.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return 0xA1 <= pair[0] <= 0xA3 or 0xB0 <= pair[0] <= 0xD7
