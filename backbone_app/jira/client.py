"""One Jira site, spoken to as the app: JSON in, JSON or an error of ours out."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from backbone_app.jira.egress import Door

Authorize = Callable[[str, str, str], str]
"""(method, path, raw query) to the value of the Authorization header, e.g. ``JWT eyJ…``."""


def forget_offset(_offset: timedelta) -> None:
    """Ignore a measured clock offset."""


class JiraClient:
    """Calls to one site as ``account``.

    ``server_offset`` is told after every answer how far the site's clock is ahead of ours.
    """

    def __init__(
        self,
        *,
        base_url: str,
        authorize: Authorize,
        door: Door,
        account: str,
        server_offset: Callable[[timedelta], None] = forget_offset,
    ) -> None:
        raise NotImplementedError

    @property
    def account(self) -> str:
        """The account id this client acts as."""
        raise NotImplementedError

    @property
    def site(self) -> str:
        """The site's host name, as errors name it."""
        raise NotImplementedError

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Sequence[tuple[str, str]] = (),
        json: object | None = None,
        timeout: float = 20.0,
        reads: bool = False,
    ) -> Any:
        """Call the site and return its parsed JSON (None without a body).

        ``timeout`` is total seconds. ``reads`` marks a POST without effect (search,
        check). Raises RemoteBusy, RemoteMissing, RemoteRefused, RemoteUnreachable,
        OutcomeUnknown, EgressRefused.
        """
        raise NotImplementedError
