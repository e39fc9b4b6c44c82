"""What holds a secret does not show it when it is printed."""

import dataclasses
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import DateTimeField, Field

import backbone_app
from backbone_app import gateway
from backbone_app.errors import BackboneError, SecretUnreadable
from backbone_app.models.sealing import SealedField, context, seal, unseal
from backbone_app.services.tenants import InstallPayload
from tests.support.app import Jira
from tests.support.raising import EVERY_KIND
from tests.support.rows import NOW, uuid

TELLING = re.compile(r"(?i)(secret|token|password|jwt|sealed|signature|ticket|authorization)s?$")
"""Names of fields whose values are nobody's business; bytes are so under any name: keys, bodies, digests."""


def dataclasses_of_ours() -> Iterator[type[Any]]:
    """Every dataclass of the package, each once."""
    for found in pkgutil.walk_packages(backbone_app.__path__, "backbone_app."):
        if ".migrations" not in found.name and not found.name.endswith(("wsgi", "settings")):
            module = importlib.import_module(found.name)
            for _, one in inspect.getmembers(module, dataclasses.is_dataclass):
                if inspect.isclass(one) and one.__module__ == module.__name__:
                    yield one


def shown(kind: type[Any]) -> list[str]:
    """The fields of a dataclass that hold what is nobody's business, and that its ``repr`` shows."""
    return [
        f"{kind.__module__}.{kind.__qualname__}.{field.name}"
        for field in dataclasses.fields(kind)
        if field.repr and (TELLING.search(field.name) or "bytes" in str(field.type))
    ]


def test_no_dataclass_shows_a_secret() -> None:
    kinds = list(dataclasses_of_ours())

    assert len(kinds) > 100
    assert InstallPayload in kinds
    assert [field for kind in kinds for field in shown(kind)] == []


def test_a_dataclass_that_would_show_one_is_found() -> None:
    @dataclasses.dataclass
    class Careless:
        shared_secret: str
        body: bytes
        access_token: str = dataclasses.field(repr=False)

    assert [name.rpartition(".")[2] for name in shown(Careless)] == ["shared_secret", "body"]


def test_no_row_shows_what_it_holds_sealed_or_as_a_digest() -> None:
    looked_at = 0
    for model in apps.get_app_config("backbone").get_models():
        columns = model._meta.concrete_fields
        row = model(**{column.attname: _sample(column) for column in columns})
        looked_at += sum(_is_hidden(column) for column in columns)
        assert "canary" not in repr(row) + str(row), model.__name__

    assert looked_at > 5


def _is_hidden(column: "Field[Any, Any]") -> bool:
    return isinstance(column, SealedField) or "digest" in column.name


def _sample(column: "Field[Any, Any]") -> object:
    if _is_hidden(column):
        return "canary"
    return NOW if isinstance(column, DateTimeField) else "1"


def test_neither_a_site_nor_its_client_shows_the_secret(jira: Jira) -> None:
    client = gateway.client(jira.row, clock=jira.world.clock)

    assert jira.app.shared_secret not in repr(jira.row) + str(jira.row) + repr(client)
    assert not any(jira.app.shared_secret in repr(value) for value in vars(client).values())


@pytest.mark.parametrize(("error", "_status"), EVERY_KIND, ids=lambda value: type(value).__name__)
def test_no_error_of_ours_carries_more_than_its_sentence_to_who_prints_it(
    error: BackboneError, _status: int
) -> None:
    assert repr(error.args) in {repr((str(error),)), "()"}


def test_the_error_of_a_secret_that_cannot_be_read_quotes_no_part_of_it() -> None:
    sealed = seal(b"canary-secret", at=context(uuid(1), "site", "secret"))

    with pytest.raises(SecretUnreadable) as refused:
        unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), at=context(uuid(1), "site", "secret"))

    told = repr(refused.value) + repr(refused.value.__cause__) + repr(refused.value.__dict__)
    assert "canary" not in told
    assert repr(sealed[10:20])[2:-1] not in told
