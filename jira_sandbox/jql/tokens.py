"""JQL text into tokens. What Jira would not read is a Refusal with status 400 in its words."""

import re
from dataclasses import dataclass
from typing import Literal

from jira_sandbox.jql.words import RESERVED, RESERVED_SIGNS
from jira_sandbox.wire import Refusal

_SIGNS = ("<=", ">=", "!=", "!~", "&&", "||", "=", "<", ">", "~", "!", "&", "|", "(", ")", ",", "[", "]")
_WORD = re.compile(r"(?:\\.|[^\s\"'=<>!~(),\[\]&|\\{}*/%+^$#@?;])+", re.DOTALL)
_QUOTED = {
    '"': re.compile(r'"((?:\\.|[^"\\])*)"', re.DOTALL),
    "'": re.compile(r"'((?:\\.|[^'\\])*)'", re.DOTALL),
}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "\\": "\\", "'": "'", '"': '"', " ": " "}
_AS_WORDS = {"&": "and", "&&": "and", "|": "or", "||": "or", "!": "not"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text; ``at`` is its offset. A sign that means a word is that word."""

    kind: Literal["word", "string", "sign"]
    text: str
    at: int

    def says(self, word: str) -> bool:
        """Whether it is this keyword or sign."""
        return self.kind != "string" and self.text.lower() == word

    @property
    def is_reserved(self) -> bool:
        """Whether it is a word that JQL keeps for itself."""
        return self.kind == "word" and self.text.lower() in RESERVED


def tokens_of(text: str) -> list[Token]:
    """Cut ``text`` into tokens; Refusal 400 where it cannot be."""
    tokens, at = [], _skipped(text, 0)
    while at < len(text):
        token, end = _token(text, at)
        tokens.append(token)
        at = _skipped(text, end)
    return tokens


def place(text: str, at: int) -> str:
    """Say where in the text something stands, as Jira's messages end."""
    before = text[:at]
    column = at - (before.rfind("\n") + 1) + 1
    return f"(line {before.count(chr(10)) + 1}, character {column})"


def broken(words: str) -> Refusal:
    """Refuse a text that is not JQL."""
    return Refusal(400, f"Error in the JQL Query: {words}")


def _skipped(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _token(text: str, at: int) -> tuple[Token, int]:
    sign = text[at]
    if sign in _QUOTED:
        found = _QUOTED[sign].match(text, at)
        if found is None:
            raise broken(f"The quoted string '{text[at + 1 :]}' has not been completed. {place(text, at)}")
        return Token("string", _unescaped(found[1], text, at), at), found.end()
    if sign in RESERVED_SIGNS:
        raise broken(
            f"The character '{sign}' is a reserved JQL character. You must enclose it in a string or use the "
            f"escape '\\u{ord(sign):04x}' instead. {place(text, at)}"
        )
    for each in _SIGNS:
        if text.startswith(each, at):
            word = _AS_WORDS.get(each)
            return Token("word" if word else "sign", word or each, at), at + len(each)
    found = _WORD.match(text, at)
    if found is None:
        raise broken(f"There is an illegal escape sequence. {place(text, at)}")
    return Token("word", _unescaped(found[0], text, at), at), found.end()


def _unescaped(raw: str, text: str, at: int) -> str:
    def one(found: re.Match[str]) -> str:
        code = found[1]
        if len(code) > 1:
            return chr(int(code[1:], 16))
        if code not in _ESCAPED:
            raise broken(
                f"'\\{code}' is an illegal JQL escape sequence. The valid escape sequences are \\', \\\", "
                f"\\t, \\n, \\r, \\\\, '\\ ' and \\uXXXX. {place(text, at)}"
            )
        return _ESCAPED[code]

    return _ESCAPE.sub(one, raw) if "\\" in raw else raw
