"""What the environment may say of keys, and that no answer to a mistake repeats them."""

import base64
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from backbone_app.env import MailServer, Reader, Tls

KEY, OTHER = (base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2))
SHORT = base64.b64encode(b"sixteen bytes...").decode()


def ring(value: str, mode: str = "development") -> dict[str, bytes]:
    return Reader({"BACKBONE_MODE": mode, "BACKBONE_ENCRYPTION_KEYS": value}).key_ring("ENCRYPTION_KEYS")


def test_the_first_key_stays_the_first() -> None:
    assert ring(f"new:{KEY}, old:{OTHER}") == {"new": bytes([1]) * 32, "old": bytes([2]) * 32}
    assert list(ring(f"new:{KEY}, old:{OTHER}")) == ["new", "old"]


@pytest.mark.parametrize(
    "value",
    [
        f"k1:{KEY},k1:{OTHER}",
        f"k1:{KEY},k2:{KEY}",
        f"k1:{KEY},",
        f":{KEY}",
        KEY,
        f"k1:{SHORT},k2:{KEY}",
        f"k1:{KEY[:-1]}!",
        f"k1:{KEY}ä",
        f"k 1:{KEY}",
        f"ключ:{KEY}",
        f"{'k' * 33}:{KEY}",
        f"k1:k2:{KEY}",
    ],
    ids=lambda value: value[:12],
)
def test_a_ring_with_a_mistake_stops_the_start_and_is_not_repeated(value: str) -> None:
    with pytest.raises(ImproperlyConfigured) as refused:
        ring(value)

    assert "BACKBONE_ENCRYPTION_KEYS" in str(refused.value)
    assert not any(part in str(refused.value) for part in (KEY[:8], OTHER[:8], SHORT[:8]))


def test_an_id_may_have_all_letters_there_are_for_it() -> None:
    assert ring(f"2026-11_a.B{'x' * 21}:{KEY}").keys() == {f"2026-11_a.B{'x' * 21}"}


@pytest.mark.parametrize("value", ["development-" + "x" * 40, "hunter2"])
def test_a_secret_that_is_refused_is_not_repeated(value: str) -> None:
    reader = Reader({"BACKBONE_MODE": "production", "BACKBONE_SECRET_KEY": value})

    with pytest.raises(ImproperlyConfigured) as refused:
        reader.secret("SECRET_KEY")

    assert value not in str(refused.value)


@pytest.mark.parametrize("url", ["postgres://u:hunter2@h:port/db", "postgres://u:hunter2@[::1/db", "hunter2"])
def test_an_address_of_a_database_that_is_refused_is_not_repeated(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    reader = Reader({"BACKBONE_MODE": "production", "DATABASE_URL": url})

    with pytest.raises(ImproperlyConfigured) as refused:
        reader.database()

    assert "hunter2" not in str(refused.value)
    assert refused.value.__suppress_context__


@pytest.mark.parametrize(
    "value",
    [
        "http://cdn.example.com/all.js",
        "https://cdn.example.com/all.js; script-src *",
        "https://cdn.example.com/a b.js",
        "https://user@cdn.example.com/all.js",
        "//cdn.example.com/all.js",
        "https://cdn.example.com/all.js,https://other.example.com/all.js",
    ],
)
def test_the_script_of_all_pages_comes_from_one_address_over_https(value: str) -> None:
    reader = Reader({"BACKBONE_MODE": "production", "BACKBONE_ALL_JS_URL": value})

    with pytest.raises(ImproperlyConfigured, match="BACKBONE_ALL_JS_URL"):
        reader.service("ALL_JS_URL", "https://connect-cdn.atl-paas.net/all.js")


def test_the_script_is_atlassians_unless_told_otherwise() -> None:
    reader = Reader({"BACKBONE_MODE": "production"})

    found = reader.service("ALL_JS_URL", "https://connect-cdn.atl-paas.net/all.js")

    assert found == "https://connect-cdn.atl-paas.net/all.js"


@pytest.mark.parametrize("value", ["erasures.jsonl", "/nowhere/at/all/erasures.jsonl", "/tmp"])
def test_a_file_that_could_never_be_written_stops_the_start(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="BACKBONE_ERASURE_LOG must be the whole path"):
        Reader({"BACKBONE_MODE": "development", "BACKBONE_ERASURE_LOG": value}).kept_file("ERASURE_LOG")


def certificates(path: str) -> Path | None:
    return Reader({"BACKBONE_MODE": "production", "BACKBONE_AUTHORITIES": path}).file("AUTHORITIES")


def test_a_file_is_named_by_its_whole_path_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "authorities.pem"
    file.touch()

    assert certificates(str(file)) == file
    assert certificates("") is None


@pytest.mark.parametrize("path", ["authorities.pem", "/", "/there/is/no/such.pem"])
def test_a_file_that_cannot_be_read_stops_the_start(path: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="BACKBONE_AUTHORITIES"):
        certificates(path)


@pytest.mark.parametrize(
    "value",
    [
        "3ad7b15e-0000-4000-a000-000000000000",
        "ari:cloud:ecosystem::app/",
        "ari:cloud:ecosystem::app/3AD7B15E-0000-4000-A000-000000000000",
        "ari:cloud:ecosystem::app/3ad7b15e-0000-4000-a000-000000000000/x",
        "ari:cloud:ecosystem::installation/3ad7b15e-0000-4000-a000-000000000000",
    ],
)
def test_what_is_no_id_of_a_forge_app_stops_the_start(value: str) -> None:
    reader = Reader({"BACKBONE_MODE": "production", "BACKBONE_FORGE_APP_ID": value})

    with pytest.raises(ImproperlyConfigured, match="BACKBONE_FORGE_APP_ID"):
        reader.forge_app("FORGE_APP_ID")


def test_the_id_of_a_forge_app_may_be_missing() -> None:
    app = "ari:cloud:ecosystem::app/3ad7b15e-0000-4000-a000-000000000000"

    assert Reader({"BACKBONE_MODE": "production"}).forge_app("FORGE_APP_ID") == ""
    given = {"BACKBONE_MODE": "production", "BACKBONE_FORGE_APP_ID": app}
    assert Reader(given).forge_app("FORGE_APP_ID") == app


def public_keys(value: str) -> tuple[bytes, ...]:
    given = {"BACKBONE_MODE": "production", "BACKBONE_LICENCE_PUBLIC_KEY": value}
    return Reader(given).public_keys("LICENCE_PUBLIC_KEY")


def test_public_keys_are_read_in_their_order_and_none_is_fine() -> None:
    one, two = base64.b64encode(bytes(32)).decode(), base64.b64encode(bytes(range(32))).decode()

    assert public_keys("") == ()
    assert public_keys(f"{two}, {one}") == (bytes(range(32)), bytes(32))


@pytest.mark.parametrize("value", ["key", "AAAA", "k1:" + "A" * 43 + "=", "A" * 43, "é"])
def test_what_is_no_public_key_stops_the_start(value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="BACKBONE_LICENCE_PUBLIC_KEY names"):
        public_keys(value)


def test_the_address_of_keys_may_be_well_known_and_no_other_that_starts_with_a_dot() -> None:
    known = "https://keys.example.com/.well-known/jwks.json"
    assert Reader({"BACKBONE_MODE": "production"}).service("KEYS", known) == known

    for address in ("https://keys.example.com/../x", "https://keys.example.com/.well-known.x/y"):
        with pytest.raises(ImproperlyConfigured):
            Reader({"BACKBONE_MODE": "production"}).service("KEYS", address)


def mail_server(
    url: str, mode: str = "production", sender: str = "backbone@example.com"
) -> MailServer | None:
    names = {"BACKBONE_MODE": mode, "BACKBONE_MAIL_URL": url, "BACKBONE_MAIL_FROM": sender}
    reader = Reader(names)
    return reader.mail_server("MAIL_URL", sender=reader.address("MAIL_FROM"))


@pytest.mark.parametrize(
    ("url", "mode", "server"),
    [
        ("smtp://mail.example", "production", ("mail.example", 587, Tls.STARTTLS, "", "")),
        (
            "smtps://u:p%40ss%2F@mail.example:2465/",
            "production",
            ("mail.example", 2465, "start", "u", "p@ss/"),
        ),
        ("smtp://127.0.0.1:25", "production", ("127.0.0.1", 25, Tls.STARTTLS, "", "")),
        ("smtp://127.0.0.1:25", "development", ("127.0.0.1", 25, Tls.NONE, "", "")),
        ("smtp://localhost:25", "development", ("localhost", 25, Tls.NONE, "", "")),
        ("smtp://mail.example:25", "development", ("mail.example", 25, Tls.STARTTLS, "", "")),
    ],
)
def test_a_mail_server_is_read_and_tls_left_out_on_a_developers_machine_only(
    url: str, mode: str, server: tuple[str, int, str, str, str]
) -> None:
    host, port, tls, user, password = server
    expected = Tls.FROM_THE_START if tls == "start" else Tls(tls)

    assert mail_server(url, mode) == MailServer(host, port, expected, "backbone@example.com", user, password)
    assert mail_server("", mode) is None


@pytest.mark.parametrize(
    "url",
    [
        "mail.example:587",
        "http://hunter2@mail.example",
        "smtp://",
        "smtp://hunter2@mail.example",
        "smtp://:hunter2@mail.example",
        "smtp://u:hunter2@mail.example:port",
        "smtp://u:hunter2@mail.example:99999",
        "smtp://u:hunter2@[::1",
        "smtp://u:hunter2@mail.example/path",
        "smtp://u:hunter2@mail.example?ssl=no",
    ],
)
def test_a_mail_server_that_is_none_stops_the_start_and_is_not_repeated(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="BACKBONE_MAIL_URL") as refused:
        mail_server(url)

    assert "hunter2" not in f"{refused.value} {mail_server('smtp://u:hunter2@mail.example')!r}"


@pytest.mark.parametrize("sender", ["", "Backbone <backbone@example.com>", "a@b.example\r\nBcc: c@d.example"])
def test_mail_comes_from_one_plain_address(sender: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="BACKBONE_MAIL_FROM"):
        mail_server("smtp://mail.example", sender=sender)


def test_what_goes_together_is_read_together_or_not_at_all() -> None:
    names = ("OAUTH_CLIENT_ID", "OAUTH_CLIENT_SECRET")
    told = {"BACKBONE_OAUTH_CLIENT_ID": "id", "BACKBONE_OAUTH_CLIENT_SECRET": "hunter2"}

    assert Reader({"BACKBONE_MODE": "production"} | told).both(*names) == ("id", "hunter2")
    assert Reader({"BACKBONE_MODE": "production"}).both(*names) == ("", "")
    with pytest.raises(ImproperlyConfigured, match="BACKBONE_OAUTH_CLIENT_ID") as refused:
        Reader({"BACKBONE_MODE": "production", "BACKBONE_OAUTH_CLIENT_SECRET": "hunter2"}).both(*names)
    assert "hunter2" not in str(refused.value)
