"""The remote licence: what it grants when, and that nothing but what was signed is ever read."""

import base64
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from xml.etree.ElementTree import canonicalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backbone_app.core.remote_licence import LARGEST, Terms, key_id, public_key, read, write
from backbone_app.core.remote_licence.document import MOST_ENDPOINTS
from backbone_app.errors import InvalidInput

PRIVATE, OTHER = bytes(range(32)), bytes(range(1, 33))
KEY = public_key(PRIVATE)
PRODUCT = "backbone-work-sync"
TERMS = Terms("Acme & Söhne", "Operator", date(2026, 11, 1), date(2027, 5, 3), endpoints=3)
FILE = write(TERMS, private=PRIVATE, product_key=PRODUCT)
END = datetime(2027, 5, 4, tzinfo=UTC)


def reading(text: str, *keys: bytes) -> Terms:
    return read(text, keys=keys or [KEY], product_key=PRODUCT).terms


def refusal(text: str, *keys: bytes) -> str:
    with pytest.raises(InvalidInput) as refused:
        reading(text, *keys)
    assert refused.value.field == "document"
    return str(refused.value)


def signed_as(inner: str) -> str:
    """A file whose ``inner`` (info and policies, canonical already) really is signed."""
    whole = FILE.replace(FILE[FILE.index("<info") : FILE.index("<signature>")], inner + "\n")
    bare = inner.replace("</info>\n<policies>", "</info><policies>")
    return whole.replace(signature(FILE), sign(bare))


def sign(content: str) -> str:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    key = Ed25519PrivateKey.from_private_bytes(PRIVATE)
    return base64.b64encode(key.sign(content.encode())).decode()


def signature(text: str) -> str:
    return text.partition("<signature>")[2].partition("</signature>")[0]


INNER = FILE[FILE.index("<info") : FILE.index("\n<signature>")]


def test_it_covers_its_last_day_whole_and_not_a_moment_more() -> None:
    assert TERMS.ends_at == END
    assert (TERMS.is_over(END - timedelta(microseconds=1)), TERMS.is_over(END)) == (False, True)
    assert (TERMS.granted(END - timedelta(seconds=1)), TERMS.granted(END)) == (3, 0)
    assert TERMS.last_day == "3 May 2027"


@pytest.mark.parametrize(
    ("before", "due", "said"),
    [
        (timedelta(days=30, seconds=1), None, ""),
        (timedelta(days=30), 30, "ends in 29 days"),
        (timedelta(days=7, seconds=1), 30, "ends in 7 days"),
        (timedelta(days=7), 7, "ends in 6 days"),
        (timedelta(days=1, seconds=1), 7, "ends tomorrow"),
        (timedelta(days=1), 1, "ends today"),
        (timedelta(seconds=1), 1, "ends today"),
        (timedelta(0), None, ""),
        (-timedelta(days=400), None, ""),
    ],
)
def test_its_end_is_told_30_7_and_1_days_before(before: timedelta, due: int | None, said: str) -> None:
    notice = TERMS.notice(END - before)

    assert (notice and notice.days) == due
    assert said in (notice.sentence if notice else "")
    assert notice is None or "its last day is 3 May 2027" in notice.sentence


def test_what_is_written_is_read_again_and_names_its_key() -> None:
    assert reading(FILE) == TERMS
    assert read(FILE, keys=[public_key(OTHER), KEY], product_key=PRODUCT).key == key_id(KEY)


@given(
    st.builds(
        Terms,
        holder=st.text(
            st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=200
        ),
        creator=st.just("Operator"),
        created_on=st.dates(max_value=date(9000, 1, 1)),
        expires_on=st.dates(max_value=date(9000, 1, 1)),
        endpoints=st.integers(1, MOST_ENDPOINTS),
        is_evaluation=st.booleans(),
    )
)
def test_whatever_can_be_said_is_read_as_it_was_written(terms: Terms) -> None:
    text = write(terms, private=PRIVATE, product_key=PRODUCT)

    assert reading(text) == terms
    assert refusal(text, public_key(OTHER)).startswith("Something in this file was changed")


def test_the_signed_bytes_are_the_canonical_form_that_others_make() -> None:
    info, _, policies = INNER.partition("\n<policies>")
    theirs = "".join(map(canonicalize, (info, f"<policies>{policies}")))

    assert signature(FILE) == sign(theirs)


FORGIVEN: dict[str, Callable[[str], str]] = {
    "line ends of another system": lambda text: text.replace("\n", "\r\n"),
    "no declaration": lambda text: text.partition("\n")[2],
    "white space between the signed elements": lambda text: text.replace("<policies>", "\n\n  <policies>"),
    "white space within tags": lambda text: text.replace("<holder>", "<holder  >").replace(
        'version="1"', " version = '1' "
    ),
    "the signature on several lines": lambda text: text.replace("<signature>", "<signature>\n").replace(
        signature(text), f"{signature(text)[:40]}\n   {signature(text)[40:]}"
    ),
    "characters written as numbers": lambda text: text.replace("Acme", "&#65;cme").replace("ö", "&#xf6;"),
    "a comment": lambda text: text.replace("<holder>", "<!-- whose it is --><holder>"),
    "a comment within a value": lambda text: text.replace("Acme", "Ac<!-- -->me"),
    "a section of characters": lambda text: text.replace("Acme &amp;", "<![CDATA[Acme &]]>"),
    "an instruction": lambda text: text.replace("<info", "<?nothing to do?><info"),
    "an unused prefix": lambda text: text.replace("<license>", '<license xmlns:x="urn:x">'),
}


@pytest.mark.parametrize("change", FORGIVEN)
def test_what_xml_does_not_count_changes_nothing(change: str) -> None:
    changed = FORGIVEN[change](FILE)

    assert changed != FILE
    assert reading(changed) == TERMS


FORGED: dict[str, Callable[[str], str]] = {
    "more endpoints": lambda text: text.replace(">3<", ">4<"),
    "a later end": lambda text: text.replace("2027-05-03", "2037-05-03"),
    "another holder": lambda text: text.replace("Acme", "Evil"),
    "another product": lambda text: text.replace(PRODUCT, "other-product"),
    "white space in a value": lambda text: text.replace("<holder>", "<holder> "),
    "white space between signed elements": lambda text: text.replace("  <creator>", "   <creator>"),
    "no signature": lambda text: text.replace(signature(text), ""),
    "a short signature": lambda text: text.replace(signature(text), base64.b64encode(bytes(63)).decode()),
    "a signature of zeros": lambda text: text.replace(signature(text), base64.b64encode(bytes(64)).decode()),
    "a signature that is no base64": lambda text: text.replace(signature(text), "%" * 88),
    "a signature beyond base64": lambda text: text.replace(signature(text), signature(text) + "é"),
    "evaluation taken out": lambda _: write(
        replace(TERMS, is_evaluation=True), private=PRIVATE, product_key=PRODUCT
    ).replace("  <EVALUATION>true</EVALUATION>\n", ""),
    "signed with another key": lambda _: write(TERMS, private=OTHER, product_key=PRODUCT),
    "the info of another licence": lambda text: text.replace(
        text[text.index("<info") : text.index("<policies>")],
        write(replace(TERMS, holder="Evil"), private=PRIVATE, product_key=PRODUCT).partition("<info")[1]
        + write(replace(TERMS, holder="Evil"), private=PRIVATE, product_key=PRODUCT)
        .partition("<info")[2]
        .partition("<policies>")[0],
    ),
    "the signature of another licence": lambda text: text.replace(
        signature(text), signature(write(replace(TERMS, endpoints=9), private=PRIVATE, product_key=PRODUCT))
    ),
}


@pytest.mark.parametrize("change", FORGED)
def test_whatever_was_not_signed_like_that_is_refused(change: str) -> None:
    forged = FORGED[change](FILE)

    assert forged != FILE
    assert refusal(forged).startswith("Something in this file was changed after it was signed")


def test_without_a_key_nothing_is_believed() -> None:
    with pytest.raises(InvalidInput, match="was changed after it was signed"):
        read(FILE, keys=[], product_key=PRODUCT)


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "a billion laughs": f'<!DOCTYPE license [<!ENTITY l0 "ha">{LAUGHS}]><license>&l9;</license>',
    "quadratic growth": f'<!DOCTYPE license [<!ENTITY a "{"a" * 9000}">]><license>{"&a;" * 9000}</license>',
    "an external entity": '<!DOCTYPE license [<!ENTITY x SYSTEM "file:///etc/passwd">]><license>&x;</license>',
    "an entity of the network": '<!DOCTYPE l [<!ENTITY x SYSTEM "http://169.254.169.254/">]><l>&x;</l>',
    "an external document type": '<!DOCTYPE license SYSTEM "http://evil.example/l.dtd"><license/>',
    "a parameter entity": '<!DOCTYPE l [<!ENTITY % p SYSTEM "http://evil.example/p"> %p;]><l/>',
    "a document type that does nothing": "<!DOCTYPE license>" + FILE.partition("\n")[2],
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_entities_and_document_types_are_refused_before_they_are_looked_at(attack: str) -> None:
    assert "a document type or entities" in refusal(HOSTILE[attack])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "A licence",
        '{"license": true}',
        "<license>",
        FILE + FILE,
        "<license>&undeclared;</license>",
        "\x00",
        "\ud800",
        "<license>\x01</license>",
    ],
)
def test_what_is_no_xml_is_refused(text: str) -> None:
    assert "not XML" in refusal(text)


def test_what_is_too_large_is_not_even_parsed() -> None:
    padding = "<!--" + "é" * (LARGEST // 2) + "-->"

    assert "larger than 64 KB" in refusal(FILE + padding)
    assert reading(FILE + "<!--" + "é" * 30_000 + "-->") == TERMS


def test_nesting_as_deep_as_there_is_room_for_is_refused() -> None:
    assert "no remote licence" in refusal("<a>" * 9_000 + "</a>" * 9_000)


MISSHAPEN: dict[str, Callable[[str], str]] = {
    "another root": lambda text: text.replace("license>", "licence>"),
    "a root with an attribute": lambda text: text.replace("<license>", '<license version="1">'),
    "a root of a namespace": lambda text: text.replace("<license>", '<license xmlns="urn:x">'),
    "policies first": lambda text: text.replace("<info", "<policies/><info"),
    "two infos": lambda text: text.replace("<policies>", '<info version="1"/><policies>'),
    "no signature at all": lambda text: text.replace(f"<signature>{signature(text)}</signature>", ""),
    "a text between": lambda text: text.replace("<policies>", "hello<policies>"),
    "a text at the start": lambda text: text.replace("<license>", "<license>hello"),
    "no version": lambda text: text.replace(' version="1"', ""),
    "another attribute": lambda text: text.replace('version="1"', 'version="1" id="i"'),
    "an attribute of policies": lambda text: text.replace("<policies>", '<policies id="i">'),
    "an attribute of a value": lambda text: text.replace("<holder>", '<holder id="i">'),
    "an attribute of the signature": lambda text: text.replace("<signature>", '<signature id="i">'),
    "an element within a value": lambda text: text.replace("Acme", "<b>Acme</b>"),
    "an element within the signature": lambda text: text.replace("<signature>", "<signature><b/>"),
    "an unknown entry": lambda text: text.replace("</info>", "<site>x</site></info>"),
    "an unknown policy": lambda text: text.replace("</policies>", "<MORE>x</MORE></policies>"),
    "a policy twice": lambda text: text.replace("<PRODUCT_KEY>", "<PRODUCT_KEY>x</PRODUCT_KEY><PRODUCT_KEY>"),
    "a policy missing": lambda text: text.replace("<MAX_REMOTE_ENDPOINTS>3</MAX_REMOTE_ENDPOINTS>", ""),
    "a text among policies": lambda text: text.replace("<policies>", "<policies>hello"),
}


@pytest.mark.parametrize("change", MISSHAPEN)
def test_xml_of_another_shape_is_no_licence(change: str) -> None:
    changed = MISSHAPEN[change](FILE)

    assert changed != FILE
    assert refusal(changed).startswith("This is XML, but no remote licence")


def test_a_licence_of_another_version_says_so_whatever_else_is_in_it() -> None:
    later = signed_as('<info version="2"><much>more</much></info>\n<policies></policies>')

    assert "of a version that this service cannot read" in refusal(later)


def test_a_licence_for_another_product_is_refused_once_its_signature_is_good() -> None:
    other = write(TERMS, private=PRIVATE, product_key="other-product")

    assert refusal(other) == "This is a licence for another product. Ask for one for this service."


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        (">3<", ">0<", "MAX_REMOTE_ENDPOINTS"),
        (">3<", "><", "MAX_REMOTE_ENDPOINTS"),
        (">3<", ">-1<", "MAX_REMOTE_ENDPOINTS"),
        (">3<", ">1e3<", "MAX_REMOTE_ENDPOINTS"),
        (">3<", ">\N{ARABIC-INDIC DIGIT THREE}<", "MAX_REMOTE_ENDPOINTS"),
        (">3<", f">{MOST_ENDPOINTS + 1}<", "MAX_REMOTE_ENDPOINTS"),
        (">3<", f">{'9' * 5000}<", "MAX_REMOTE_ENDPOINTS"),
        ("2027-05-03", "2027-02-30", "EXPIRATION"),
        ("2027-05-03", "20270503", "EXPIRATION"),
        ("2027-05-03", "never", "EXPIRATION"),
        ("2027-05-03", "9999-12-31", "EXPIRATION"),
        ("2026-11-01", "", "creation"),
        ("Acme", " Acme", "holder"),
        ("Acme &amp; Söhne", "", "holder"),
        ("Acme", "Ac\nme", "holder"),
        ("Acme", "A" * 200, "holder"),
        (">Operator<", "> <", "creator"),
        ("</policies>", "  <EVALUATION>no</EVALUATION>\n</policies>", "EVALUATION"),
    ],
)
def test_even_of_what_is_signed_nothing_unusable_is_taken(old: str, new: str, named: str) -> None:
    assert refusal(signed_as(INNER.replace(old, new, 1))) == (
        f"The licence has no usable {named}. Ask whoever issued it for a new one."
    )


def test_an_endless_line_is_seen_as_it_was_signed() -> None:
    """A carriage return written as a number is kept by XML: the canonical form writes it so, too."""
    inner = INNER.replace("Acme", "Ac&#xD;me")

    assert "no usable holder" in refusal(signed_as(inner))


def test_nothing_is_issued_that_would_be_refused() -> None:
    with pytest.raises(InvalidInput, match="no usable holder"):
        write(replace(TERMS, holder=" "), private=PRIVATE, product_key=PRODUCT)
    with pytest.raises(InvalidInput, match="no usable MAX_REMOTE_ENDPOINTS"):
        write(replace(TERMS, endpoints=0), private=PRIVATE, product_key=PRODUCT)
