"""The file that a remote licence comes in: XML, of which two elements are signed.

The signature is Ed25519 over the canonical form (C14N 2.0 with its defaults, in UTF-8) of ``<info>`` and of
``<policies>``, one directly after the other. Both, and all that is read, come from one tree of which every
element is known by name: nothing is believed that the signature does not reach. What is parsed is a text that
is there already, and entities are refused before they are looked at: this is as pure as the rest of core.
"""

import base64
import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from xml.etree.ElementTree import C14NWriterTarget, Element, ParseError, SubElement, indent

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from backbone_app.core.remote_licence.terms import Terms
from backbone_app.errors import InvalidInput

LARGEST: Final = 64 * 1024
"""Bytes of UTF-8; a licence has less than a thousand."""
MOST_ENDPOINTS: Final = 100_000
PRODUCT: Final = "Backbone Work Sync"
VERSION: Final = "1"
FIELD: Final = "document"
"""The entry that is at fault where a licence is refused."""
_INFO: Final = ("creation", "holder", "creator", "product")
_POLICIES: Final = ("PRODUCT_KEY", "EXPIRATION", "MAX_REMOTE_ENDPOINTS")
_EVALUATION: Final = "EVALUATION"
_LONGEST: Final = 200
_DAMAGED: Final = (
    "Something in this file was changed after it was signed, or it was signed for another service. "
    "Choose the file as it was issued to you, or ask whoever issued it for a new one."
)


@dataclass(frozen=True, slots=True)
class Signed:
    """What a licence says, and the id of the key (``key_id``) that it is signed with."""

    terms: Terms
    key: str


def key_id(public: bytes) -> str:
    """Name a public key: the first 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def public_key(private: bytes) -> bytes:
    """Give the public key of a private one, 32 bytes both."""
    return Ed25519PrivateKey.from_private_bytes(private).public_key().public_bytes_raw()


def read(text: str, *, keys: Collection[bytes], product_key: str) -> Signed:
    """Read a licence that one of these public keys signed for this product, whether it has expired or not.

    Raises InvalidInput with what is wrong and what to do, in the order of what can be known: nothing that a
    file without a good signature says is told.
    """
    info, policies, signature = _parts(text)
    signed = _canonical(info) + _canonical(policies)
    key = next((each for each in keys if _is_signed(signed, signature, each)), None)
    if key is None:
        raise _refused(_DAMAGED)
    granted = {each.tag: each.text or "" for each in policies}
    if granted["PRODUCT_KEY"] != product_key:
        raise _refused("This is a licence for another product. Ask for one for this service.")
    return Signed(_terms({each.tag: each.text or "" for each in info}, granted), key_id(key))


def write(terms: Terms, *, private: bytes, product_key: str) -> str:
    """Write the file and sign it; raises InvalidInput for terms that ``read`` would refuse."""
    info, policies = Element("info", {"version": VERSION}), Element("policies")
    said = (terms.created_on.isoformat(), terms.holder, terms.creator, PRODUCT)
    for name, value in zip(_INFO, said, strict=True):
        SubElement(info, name).text = value
    granted = (product_key, terms.expires_on.isoformat(), str(terms.endpoints))
    for name, value in zip(_POLICIES, granted, strict=True):
        SubElement(policies, name).text = value
    if terms.is_evaluation:
        SubElement(policies, _EVALUATION).text = "true"
    for each in (info, policies):
        indent(each)
        each.tail = None
    parts = [_canonical(info), _canonical(policies)]
    signature = base64.b64encode(Ed25519PrivateKey.from_private_bytes(private).sign(b"".join(parts)))
    body = "\n".join(part.decode() for part in (*parts, b"<signature>" + signature + b"</signature>"))
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<license>\n{body}\n</license>\n'
    read(text, keys=[public_key(private)], product_key=product_key)
    return text


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput(FIELD, sentence)


def _parts(text: str) -> tuple[Element, Element, bytes]:
    """Give what is signed and the signature; raises InvalidInput for what has not the shape of a licence."""
    root = _parsed(text)
    if (
        root.tag != "license"
        or root.attrib
        or [each.tag for each in root] != ["info", "policies", "signature"]
    ):
        raise _shapeless()
    info, policies, signature = root
    if set(info.attrib) == {"version"} and info.attrib["version"] != VERSION:
        raise _refused(
            "This licence is of a version that this service cannot read. Ask whoever issued it for one "
            f"of version {VERSION}, or ask the operator of this service to upgrade it."
        )
    names = [each.tag for each in policies]
    is_known = [
        _is_list(root),
        _is_list(info) and set(info.attrib) == {"version"} and [each.tag for each in info] == [*_INFO],
        _is_list(policies) and not policies.attrib and names in ([*_POLICIES], [*_POLICIES, _EVALUATION]),
        all(_is_leaf(each) for each in (*info, *policies, signature)),
    ]
    if not all(is_known):
        raise _shapeless()
    try:
        return info, policies, base64.b64decode("".join((signature.text or "").split()), validate=True)
    except ValueError:
        raise _refused(_DAMAGED) from None


def _parsed(text: str) -> Element:
    try:
        if len(text.encode()) > LARGEST:
            raise _refused("This file is larger than 64 KB, and so no remote licence. Choose another one.")
        root: Element = fromstring(text, forbid_dtd=True)
    except DefusedXmlException:
        raise _refused(
            "This file has a document type or entities, and so is no remote licence. Choose another one."
        ) from None
    except (ParseError, UnicodeEncodeError):
        raise _refused(
            "This file is not XML, and so no remote licence. Choose the one that was issued to you, "
            "which mostly is called backbone-issue-sync-license.xml."
        ) from None
    return root


def _shapeless() -> InvalidInput:
    return _refused(
        "This is XML, but no remote licence. Choose the file that was issued to you, "
        "which mostly is called backbone-issue-sync-license.xml."
    )


def _is_list(element: Element) -> bool:
    """Whether there is nothing but white space between its elements."""
    return not "".join([element.text or "", *(each.tail or "" for each in element)]).strip()


def _is_leaf(element: Element) -> bool:
    return not len(element) and not element.attrib


def _canonical(element: Element) -> bytes:
    """Write an element, without what follows it, in its canonical form."""
    written: list[str] = []
    target = C14NWriterTarget(written.append)

    def walk(each: Element) -> None:
        target.start(each.tag, each.attrib)
        target.data(each.text or "")
        for child in each:
            walk(child)
            target.data(child.tail or "")
        target.end(each.tag)

    walk(element)
    return "".join(written).encode()


def _is_signed(signed: bytes, signature: bytes, key: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _terms(info: Mapping[str, str], policies: Mapping[str, str]) -> Terms:
    number = policies["MAX_REMOTE_ENDPOINTS"]
    if not (number.isascii() and number.isdecimal() and 0 < int(number[:9]) <= MOST_ENDPOINTS):
        raise _unusable("MAX_REMOTE_ENDPOINTS")
    if policies.get(_EVALUATION, "true") != "true":
        raise _unusable(_EVALUATION)
    return Terms(
        holder=_line(info, "holder"),
        creator=_line(info, "creator"),
        created_on=_day(info, "creation"),
        expires_on=_day(policies, "EXPIRATION"),
        endpoints=int(number),
        is_evaluation=_EVALUATION in policies,
    )


def _line(entries: Mapping[str, str], name: str) -> str:
    value = entries[name]
    if not value.strip() or value != value.strip() or not value.isprintable() or len(value) > _LONGEST:
        raise _unusable(name)
    return value


def _day(entries: Mapping[str, str], name: str) -> date:
    try:
        day = date.fromisoformat(entries[name])
    except ValueError:
        raise _unusable(name) from None
    if day.isoformat() != entries[name] or day.year == date.max.year:
        raise _unusable(name)
    return day


def _unusable(name: str) -> InvalidInput:
    return _refused(f"The licence has no usable {name}. Ask whoever issued it for a new one.")
