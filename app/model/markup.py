"""Text that goes to the model is data and marked as such; text that comes from it is only words.

Nothing that a document or a question holds can look like the marks around data, and no link,
picture or HTML of a model's gets into an answer.
"""

import re

from app.model.ledger import KEY
from app.model.supporting import plain

_MARK = "DATA"
_FENCE = re.compile(r"<{2,}|>{2,}|\[{2,}|\]{2,}|`{3,}|~{3,}|={4,}|#{3,}")
_ROLE = re.compile(r"(?im)^(\W*)(system|assistant|user|human|tool|developer)(\s*:)")
_SPECIAL = re.compile(r"<\|?[^<>|\n]{1,40}\|?>|\[/?INST\]|</?s>")  # what chat templates are made of
_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.DOTALL | re.IGNORECASE)
_IMAGE = re.compile(r"!\[[^\]]{0,300}\] ?(?:\([^)]{0,500}\)|\[[^\]]{0,300}\])?")
_LINK = re.compile(r"(?<!!)\[([^\]\[]{1,300})\] ?\(([^)]{0,500})\)")
_REFERENCE = re.compile(r"(?m)^[ \t]{0,9}\[[^\]\n]{1,300}\]:.*$")
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>|<[a-z]+:[^<>\s]*>")
_ADDRESS = re.compile(r"@|:/|\bmailto:|\bwww\.|\w\.[a-z]{2}", re.IGNORECASE)  # in one word
_CODE = re.compile(r"`{1,3}(?:[a-z]*\n)?")
_HEADING = re.compile(r"(?m)^[ \t]{0,9}(?:#{1,6}|>{1,9})[ \t]+")
_EMPHASIS = re.compile(r"\*{1,3}|(?<!\w)_{1,2}|_{1,2}(?!\w)")
# A hostile reply must cost no time: what repeats in these patterns is bounded.
# Keys as models like to write them: (qabc234), 【qabc234】, [[qabc234]], [key: qabc234].
_KEYS = re.compile(
    r"[\[(【{]{1,2} ?(?:keys?:? ?)?(q[a-z2-7]{6}(?: ?[,;] ?q[a-z2-7]{6}){0,9}) ?[\])】}]{1,2}",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\[[^\]\n]{0,60}\]|【[^】\n]{0,60}】")


def fenced(text: str, what: str, secret: str) -> str:
    """A block of data with marks that only this request has; ``what`` says what it is."""
    return f"<<{_MARK} {secret} {what}>>\n{neutral(text, secret)}\n<<END {_MARK} {secret}>>"


def neutral(text: str, secret: str) -> str:
    """A text with nothing in it that could be taken for a mark, a role or a template of a chat."""
    text = plain(text).replace(secret, "")
    text = _SPECIAL.sub(" ", text)
    text = _FENCE.sub(lambda m: m[0][0], text)
    return _ROLE.sub(r"\1\2 -", text)


def words_only(text: str) -> str:
    """A model's text without links, pictures, HTML and formatting; keys in brackets stay."""
    text = _KEYS.sub(r"[\1]", plain(_THINKING.sub("", text)))
    text = _IMAGE.sub("", _REFERENCE.sub("", text))
    text = _LINK.sub(lambda m: m[0] if KEY.match(m[0]) else m[1], text)
    text = _TAG.sub("", text)
    text = _EMPHASIS.sub("", _HEADING.sub("", _CODE.sub("", text)))
    return text.replace("<", "").replace(">", "")


def shown_while_writing(text: str) -> str:
    """What a person may see of a text that is not verified yet: its words, without any brackets.

    Addresses wait for the verified answer, also those of which only the beginning is written.
    """
    text = _BRACKETS.sub("", re.sub(r"\[\w*$", "", words_only(text)))
    text = text.replace("[", "").replace("]", "")
    text = re.sub(r"\S+", lambda m: "…" if _ADDRESS.search(m[0]) else m[0], text)
    return re.sub(r"[ \t]+([.,;:])", r"\1", re.sub(r"[ \t]{2,}", " ", text)).strip()


def without_brackets(text: str) -> str:
    """A sentence without what stands in square brackets: a marker that is not known is none."""
    return re.sub(r"\s{2,}", " ", _BRACKETS.sub("", text)).replace("[", "(").replace("]", ")")
