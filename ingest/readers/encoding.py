"""Bytes of a text file to characters."""

import codecs
import re

from charset_normalizer import from_bytes

# Longest mark first: the one of UTF-32-LE begins with the one of UTF-16-LE.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What office programs of different countries write when they do not write UTF-8.
_CANDIDATES = [
    "cp1252", "iso8859_15", "cp1250", "iso8859_2", "cp1251", "koi8_r", "cp1253", "cp1254", "cp1257",
    "cp1255", "cp1256", "shift_jis", "euc_jp", "gb18030", "big5", "euc_kr", "mac_roman",
]  # fmt: skip
# Up to this many bytes outside ASCII there is too little to tell one alphabet from another.
_FEW = 12
_SAMPLE = 200_000
# Control characters that text does not hold (tab, line ends, form feed and escape apart).
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL_CHARACTER = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def is_text(data: bytes) -> bool:
    """Whether the bytes look like text in some encoding, and not like a program or a picture."""
    sample = data[:_SAMPLE]
    if sample.startswith(tuple(mark for mark, _ in _MARKS)) or _wide(sample):
        return True
    return len(_CONTROL.findall(sample)) <= len(sample) // 500


def decode(data: bytes) -> str:
    """The characters of a text file: by its byte order mark, as UTF-8, or by what fits best.

    Bytes that the encoding does not know become U+FFFD; nothing is raised.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    if wide := _wide(data[:_SAMPLE]):
        return data.decode(wide, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode(_legacy(data), errors="replace")


def _wide(sample: bytes) -> str:
    """The name of UTF-16 without a mark: in Western text every second byte is zero."""
    for encoding, zeros, others in (
        ("utf-16-le", sample[1::2], sample[0::2]),
        ("utf-16-be", sample[0::2], sample[1::2]),
    ):
        few = others.count(0) < len(others) * 0.1
        if len(zeros) > 3 and zeros.count(0) > len(zeros) * 0.4 and few:
            text = sample.decode(encoding, errors="replace")
            if len(_CONTROL_CHARACTER.findall(text)) <= len(text) // 500:
                return encoding
    return ""


def _legacy(data: bytes) -> str:
    sample = data[:_SAMPLE]
    if sum(byte > 127 for byte in sample) <= _FEW:
        return "cp1252"
    best = from_bytes(sample, cp_isolation=_CANDIDATES, preemptive_behaviour=False).best()
    # ISO 8859-1 as Windows writes it: what most old Western files are.
    return best.encoding if best else "cp1252"
