"""Links: in brackets, with or without a title, and addresses as they stand in the text."""

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from jira_sandbox.richtext.reading.nodes import marked, node, texts
from jira_sandbox.richtext.reading.tokens import DASHES, Kind, Spot, Token, Unfit, as_text
from jira_sandbox.state.values import Json

_LINK = re.compile(r"\[([^\[\]\n]+)\]")
ADDRESS = re.compile(
    r"((?:(?:https?|ftps?)://)|irc://|mailto:)"
    r"([\w?!~^/\\#$%&'()*+,\-.:;<=@]*[\w~^/\\#$%&'()*+,\-:;<=@])",
    re.IGNORECASE | re.ASCII,
)
_BAD_END = ".,>)];}\"'!"
_SAFE = re.compile(
    r"(?:https?|ftps?|gopher|integrity|file|smb|dynamicsnav|jamfselfservice|scp|sftp|hipchat)://|/|\#"
    r"|(?:mailto|skype|callto|facetime|git|irc6?|news|nntp|feed|cvs|svn|mvn|ssh|itms|notes|sourcetree|urn|tel"
    r"|xmpp|telnet|vnc|rdp|whatsapp|slack|sips?|magnet):",
    re.IGNORECASE,
)
_QUERY = "%/?!$&()*+,;=:@~|[]^`{}\\"
_FRAGMENT = "%/?!$&'()*+,;=:@~|[]^#{}\\"
_PORTS = {"http": ":80", "https": ":443", "ftp": ":21"}
_PATH = re.compile(r"[^?#]*")
_IN_LINK = DASHES | {Kind.ADDRESS}
_NO_LINK = DASHES | {Kind.TABLE, Kind.RULE, Kind.ADDRESS, Kind.LINK}
_CARDS = {"smart-card": "blockCard", "block-link": "blockCard", "smart-link": "inlineCard"}


@dataclass(frozen=True, slots=True)
class _Parts:
    """``[words|target|title]``; ``file`` when the target is one, as in ``[^name]``."""

    words: str
    target: str
    title: str
    file: str


def link(spot: Spot) -> Token:
    """Read what is in brackets: a file, a mention, a card, a link, or else the text that it is."""
    found = _LINK.match(spot.text, spot.at)
    if found is None:
        return as_text(spot)
    parts = _parts(found[1])
    nodes = _special(parts)
    if nodes is None and (not parts.target or _SAFE.match(parts.target)):
        nodes = _linked(spot, parts)
    if nodes is None:
        nodes = spot.read(found[0], _NO_LINK)
    return Token(len(found[0]), nodes=nodes)


def address(spot: Spot) -> Token:
    """Read an address that stands in the text; Unfit when it cannot be one."""
    found = ADDRESS.match(spot.text, spot.at)
    if found is None:
        return as_text(spot)
    whole = found[0].rstrip(_BAD_END)
    shown = found[2].rstrip(_BAD_END) if found[1] == "mailto:" else whole
    mark = {"type": "link", "attrs": {"href": _normal(re.sub(r"\\(.?)", r"\1", whole))}}
    return Token(len(whole), nodes=texts(shown, mark))


def _special(parts: _Parts) -> list[Json] | None:
    if parts.file:
        media = node("media", type="file", id=parts.file, collection="")
        return [node("mediaGroup", [media])]
    if parts.target in {"~", "~accountid:"}:
        raise Unfit
    if parts.target.startswith("~"):
        number = parts.target.removeprefix("~").removeprefix("accountid:")
        return [node("mention", id=number, text="", accessLevel="")]
    if parts.title in _CARDS:
        return [node(_CARDS[parts.title], url=parts.target)]
    if parts.title == "smart-embed":
        return [node("embedCard", url=parts.target, layout="center", width=100)]
    return None


def _linked(spot: Spot, parts: _Parts) -> list[Json]:
    words = parts.words or parts.target
    mark = {"type": "link", "attrs": {"href": parts.target}}
    nodes = [marked(each, mark) for each in spot.read(words.removeprefix("mailto:"), _IN_LINK)]
    if any(each["type"] == "text" for each in nodes):
        return nodes
    if not words:
        raise Unfit
    return [*nodes, *texts(words, mark)]


def _parts(inside: str) -> _Parts:
    """Divide at the pipes, none of which counts between two exclamation marks before the first."""
    words, rest = _words(inside.replace("&#039;", "'", 1))
    target, _, title = rest.partition("|")
    target = target.strip()
    return _Parts(words, target, title.strip(), _file(target))


def _words(inside: str) -> tuple[str, str]:
    """Give what is shown, if that is told apart, and the rest."""
    bang, pipe = inside.find("!"), inside.find("|")
    if bang < 0 or bang > pipe or bang == inside.rfind("!"):
        words, sign, rest = inside.partition("|")
        return (words, rest) if sign else ("", inside)
    is_between = False
    for place, sign in enumerate(inside):
        is_between ^= sign == "!"
        if sign == "|" and not is_between:
            return inside[:place], inside[place + 1 :]
    return "", inside


def _file(target: str) -> str:
    """Give the name of the attachment that is meant; what has an @ is a shortcut unless it is a person."""
    if not target.startswith("~") and target.rpartition("@")[2].strip() and "@" in target:
        return ""
    before, sign, after = target.partition(":")
    return (after if sign else before).partition("^")[2].strip()


def _normal(raw: str) -> str:
    """Write an address as browsers do; Unfit when it has no host or a senseless one."""
    scheme, _, rest = raw.partition(":")
    scheme = scheme.lower()
    if scheme == "mailto":
        return f"{scheme}:{rest}"
    is_web = scheme in _PORTS
    try:
        parts = urlsplit(f"{scheme}:{_PATH.sub(_turned, rest, 1) if is_web else rest}")
        port = parts.port
    except ValueError as wrong:
        raise Unfit from wrong
    host = (parts.hostname or "").lower()
    if not host or re.search(r"[\s#%/:<>?@\[\\\]^|]", host):
        raise Unfit
    user = f"{parts.netloc.rpartition('@')[0]}@" if "@" in parts.netloc else ""
    shown = f":{port}" if port is not None and f":{port}" != _PORTS.get(scheme) else ""
    tail = quote(_without_dots(parts.path or "/" * is_web), safe="%/!$&'()*+,;=:@~|[]^")
    query = f"?{quote(parts.query, safe=_QUERY)}" if parts.query or "?" in raw.partition("#")[0] else ""
    fragment = f"#{quote(parts.fragment, safe=_FRAGMENT)}" if "#" in raw else ""
    return f"{scheme}://{user}{host}{shown}{tail}{query}{fragment}"


def _turned(path: re.Match[str]) -> str:
    return path[0].replace("\\", "/")


def _without_dots(path: str) -> str:
    if "/." not in path:
        return path
    kept: list[str] = []
    pieces = path.split("/")[1:]
    for place, each in enumerate(pieces):
        is_last = place == len(pieces) - 1
        if each == "..":
            kept = kept[:-1]
        if each not in {".", ".."}:
            kept.append(each)
        elif is_last:
            kept.append("")
    return "/" + "/".join(kept)
