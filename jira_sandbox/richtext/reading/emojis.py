"""The signs that wiki text has for emoji, such as ``:)`` and ``(/)``."""

from jira_sandbox.richtext.reading.nodes import node
from jira_sandbox.richtext.reading.tokens import Spot, Token, as_text

_LONGEST = 9
_FACES = {
    "1f642": ("slight_smile", ":) :-)"),
    "1f61e": ("disappointed", ":( :-("),
    "1f61b": ("stuck_out_tongue", ":P :-P :p :-p"),
    "1f603": ("smiley", ":D :-D"),
    "1f609": ("wink", ";) ;-)"),
    "1f44d": ("thumbsup", "(y)"),
    "1f44e": ("thumbsdown", "(n)"),
    "atlassian-info": ("info", "(i)"),
    "atlassian-check_mark": ("check_mark", "(/)"),
    "atlassian-cross_mark": ("cross_mark", "(x)"),
    "atlassian-warning": ("warning", "(!)"),
    "atlassian-plus": ("plus", "(+)"),
    "atlassian-minus": ("minus", "(-)"),
    "atlassian-question_mark": ("question", "(?)"),
    "atlassian-light_bulb_on": ("light_bulb_on", "(on)"),
    "atlassian-light_bulb_off": ("light_bulb_off", "(off)"),
    "atlassian-yellow_star": ("yellow_star", "(*) (*y)"),
    "atlassian-red_star": ("red_star", "(*r)"),
    "atlassian-green_star": ("green_star", "(*g)"),
    "atlassian-blue_star": ("blue_star", "(*b)"),
    "atlassian-flag_on": ("flag_on", "(flag)"),
    "atlassian-flag_off": ("flag_off", "(flagoff)"),
}
_SIGNS = {sign: number for number, (_, signs) in _FACES.items() for sign in signs.split()}


def sign_of(number: str) -> str:
    """Give the sign of an emoji that is Atlassian's own, the exact one of several; empty for all others."""
    if not number.startswith("atlassian-") or number not in _FACES:
        return ""
    return _FACES[number][1].split()[-1]


def emoji(spot: Spot) -> Token:
    """Read the emoji that is there, if no letter or digit follows it."""
    for length in range(2, _LONGEST + 1):
        number = _SIGNS.get(spot.text[spot.at : spot.at + length])
        after = spot.text[spot.at + length : spot.at + length + 1]
        if number and not (after.isascii() and after.isalnum()):
            name = f":{_FACES[number][0]}:"
            shown = name if number.startswith("atlassian") else chr(int(number, 16))
            return Token(length, nodes=[node("emoji", shortName=name, id=number, text=shown)])
    return as_text(spot)
