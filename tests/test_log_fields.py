"""What the lines of the log are about stands in each of them, under the same names everywhere."""

import ast
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db.models.signals import pre_save
from django.http import HttpRequest, HttpResponse
from structlog.contextvars import get_contextvars

from backbone_app import jobs, logs
from backbone_app.models import Delivery, Pair
from backbone_app.web.tracing import RequestIds
from tests.support.app import Jira, call_app
from tests.support.canaries import Net, net_over
from tests.support.sandbox import VirtualClock
from tests.support.scenario import Story, story

__all__ = ["story"]

APP = Path(logs.__file__).parent
BOUND = {"request_id", "tenant", "job", "pair_id", "op_id", "delivery_id", "half_id", "attempt"}
SAID = BOUND | {
    *("case", "code", "column", "command", "count", "file", "function", "installation"),
    *("kind", "lane", "package"),
    *(
        "people",
        "place",
        "process",
        "reason",
        "rows",
        "side",
        "status",
        "synchronization_id",
        "trouble",
        "why",
    ),
}
"""What a line may say; another name is one more to look for, and to be thought about: whose is it?"""
BINDING = {"about", "bear"}
LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def calls() -> Iterator[tuple[str, ast.Call]]:
    """Every call of ours that writes a line or binds a field, with its place."""
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value.id if isinstance(node.func.value, ast.Name) else ""
            if (owner in {"log", "_log"} and node.func.attr in LEVELS) or (
                owner == "logs" and node.func.attr in BINDING
            ):
                yield f"{path.relative_to(APP)}:{node.lineno}", node


def lines(net: Net, event: str) -> list[dict[str, object]]:
    found = [json.loads(line) for line in net.lines]
    return [line for line in found if line["event"] == event]


def test_lines_say_what_is_declared_and_no_sentence_of_an_error() -> None:
    found = dict(calls())
    odd = {
        place: keyword.arg
        for place, call in found.items()
        for keyword in call.keywords
        if keyword.arg not in SAID
        or (keyword.arg == "trouble" and "__name__" not in ast.unparse(keyword.value))
    }

    assert odd == {}
    assert len(found) > 25
    assert all(
        len(call.args) <= 1 and all(isinstance(one, ast.Constant) for one in call.args)
        for call in found.values()
    )


def test_every_name_that_is_bound_is_explained() -> None:
    bound = {
        word.arg
        for _, call in calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr in BINDING
        for word in call.keywords
    }

    assert bound == BOUND
    assert [name for name in BOUND if f"``{name}``" not in str(logs.__doc__)] == []


def test_what_is_bound_within_ends_with_the_work() -> None:
    with logs.about(pair_id=1):
        with logs.about(delivery_id=2):
            logs.bear(op_id="three")
            inner = get_contextvars()
        outer = get_contextvars()

    assert inner == {"pair_id": 1, "delivery_id": 2, "op_id": "three"}
    assert outer == {"pair_id": 1}
    assert get_contextvars() == {}


def test_the_lines_of_a_request_have_its_number_which_is_ours() -> None:
    with net_over() as net:
        for _ in range(2):
            call_app("GET", "/nowhere", headers={"X-Request-Id": "chosen"})

    first, second = (str(line["request_id"]) for line in lines(net, "auth_rejected"))
    assert first != second
    assert {len(first), len(second)} == {16}
    assert "chosen" not in "".join(net.lines)


def test_a_request_that_breaks_leaves_nothing_to_the_next_one_of_its_thread() -> None:
    def broken(_: HttpRequest) -> HttpResponse:
        logs.bear(tenant="t")
        raise KeyError("a bug")

    with pytest.raises(KeyError, match="a bug"):
        RequestIds(broken)(HttpRequest())

    assert get_contextvars() == {}


def test_a_call_that_is_proven_is_logged_with_its_site(jira: Jira) -> None:
    with net_over() as net:
        call_app("GET", "/api/1/items/1", headers={"Authorization": f"JWT {jira.page_token('alice')}"})

    (line,) = lines(net, "auth_rejected")
    assert line["tenant"] == str(jira.row.pk)


def test_the_lines_of_a_library_say_what_they_are_about_too() -> None:
    with net_over() as net, logs.about(pair_id=7):
        logging.getLogger("urllib3").warning("Retrying")

    (line,) = lines(net, "Retrying")
    assert line["pair_id"] == 7


def refuse(*_: object, **__: object) -> None:
    raise KeyError("a bug")


def test_a_decision_that_fails_says_which_delivery_whose_and_how_often(
    story: Story, clock: VirtualClock
) -> None:
    story.create("ALPHA", "One")
    story.jira.deliver_all()
    pre_save.connect(refuse, sender=Pair)
    try:
        with net_over() as net:
            for _ in range(2):
                jobs.pair_up()
                clock.advance(minutes=10)
    finally:
        pre_save.disconnect(refuse, sender=Pair)

    delivery = Delivery.objects.get()
    about = [
        (line["delivery_id"], line["tenant"], line["attempt"], line["job"])
        for line in lines(net, "pairing_failed")
    ]
    assert about == [(delivery.pk, str(delivery.site_id), tried, "pair_up") for tried in (1, 2)]
