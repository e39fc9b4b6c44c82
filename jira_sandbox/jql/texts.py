"""Fields that hold text, which is found by its words: ``~ "red appl*"``, or by a phrase in quotes within."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from jira_sandbox.jql.kinds import EMPTINESS, LAST, MATCHES, Asking, Key, Test, asks_emptiness, no_function
from jira_sandbox.jql.tree import Clause, Function, Value
from jira_sandbox.state.values import Issue
from jira_sandbox.wire import Refusal

_WORDS = re.compile(r"\w+")
_PIECES = re.compile(r'([+\-]?)(?:"([^"]*)"|([^\s"]+))')
_PLACEHOLDERS = {"*": r"\w*", "?": r"\w"}
Needle = tuple[re.Pattern[str], bool]
"""What is looked for, and whether it must be absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A field that holds text, or several; ``~`` wants every word of the query, in any order."""

    name: str
    read: Callable[[Asking, Issue], Iterable[str]]
    aliases: tuple[str, ...] = ()
    operators: frozenset[str] = MATCHES | EMPTINESS
    types: tuple[str, ...] = ("java.lang.String",)
    is_orderable: bool = True

    def test(self, asking: Asking, clause: Clause) -> Test:
        """Look for the words; a field without text fits neither ``~`` nor ``!~``."""
        operand = clause.operand
        wants_empty = asks_emptiness(clause)
        if wants_empty is not None:
            return lambda issue: (not any(self.read(asking, issue))) == wants_empty
        if isinstance(operand, Function):
            raise no_function(operand.name, clause)
        wanted = operand.text if isinstance(operand, Value) else ""
        needles, wants = _needles(wanted, clause), clause.operator == "~"

        def fits(issue: Issue) -> bool:
            held = " ".join(_WORDS.findall(" \n ".join(self.read(asking, issue)).lower()))
            return bool(held) and _found(needles, held) is wants

        return fits

    def key(self, asking: Asking) -> Key | None:
        """Order by the text, the empty last."""
        if not self.is_orderable:
            return None

        def key(issue: Issue) -> tuple[object, ...]:
            held = " ".join(self.read(asking, issue)).lower()
            return (0, held) if held else LAST

        return key


def _found(needles: list[Needle], held: str) -> bool:
    return all((pattern.search(held) is None) is absent for pattern, absent in needles)


def _needles(wanted: str, clause: Clause) -> list[Needle]:
    name = clause.field.text
    if not wanted.strip():
        raise Refusal(400, f"The field '{name}' does not support searching for an empty string.")
    found: list[Needle] = []
    for sign, phrase, word in _PIECES.findall(wanted.lower()):
        if word[:1] in _PLACEHOLDERS:
            raise Refusal(
                400, f"The text query '{wanted}' for field '{name}' is not allowed to start with '{word[0]}'."
            )
        found += [(pattern, sign == "-") for pattern in _patterns(phrase or word, is_phrase=bool(phrase))]
    return found


def _patterns(text: str, *, is_phrase: bool) -> list[re.Pattern[str]]:
    words = re.findall(r"[\w*?]+", text)
    looks = ["".join(_PLACEHOLDERS.get(sign, re.escape(sign)) for sign in word) for word in words]
    wholes = [" ".join(looks)] if is_phrase else looks
    return [re.compile(rf"(?<!\w){each}(?!\w)") for each in wholes if each]
