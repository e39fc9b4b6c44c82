"""Opening an address never changes anything: a browser may fetch it ahead, and so may a mail scanner."""

from typing import Final

from tests.support.addresses import ids, opened, story, targets
from tests.support.app import Jira, call_app
from tests.support.hostile import affairs

__all__ = ["ids", "story"]

"""What we keep of our own calls to Jira: reading a page costs some."""
FETCHED_AHEAD: Final = {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch", "X-Moz": "prefetch"}


def test_no_get_of_anybody_changes_a_row(jira: Jira, ids: dict[str, str]) -> None:
    before = affairs()

    answers = {
        opened(jira, person, target, credential, **FETCHED_AHEAD).status_code
        for person in ("alice", "bob", "dana")
        for target, credential in targets(ids)
    }

    assert answers >= {200, 405}
    assert affairs() == before


def test_what_does_change_something_is_not_to_be_had_by_get_even_with_everything_it_needs(
    jira: Jira, ids: dict[str, str]
) -> None:
    posting = [
        (target, credential)
        for target, credential in targets(ids)
        if call_app("GET", target).status_code == 405
    ]
    entries = "choice=own&name=n&message=m&partner=10001&own_key=ALPHA-1&partner_key=BETA-1&_method=POST"
    before = affairs()

    refused = {
        opened(
            jira, "alice", f"{target}?{entries}", credential, **{"X-HTTP-Method-Override": "POST"}
        ).status_code
        for target, credential in posting
    }

    assert len(posting) > 20
    assert refused == {405}
    assert affairs() == before
