"""Atlassian's public keys for signed lifecycle calls, fetched by key id."""

from collections.abc import Callable

from backbone_app.jira.egress import Door


class InstallKeys:
    """Public keys by ``kid``; ``hosts`` are base addresses (``https://host``), asked in this order.

    ``clock`` is monotonic seconds.
    """

    def __init__(self, hosts: tuple[str, ...], door: Door, clock: Callable[[], float]) -> None:
        raise NotImplementedError

    def pem(self, kid: str) -> str:
        """Return the key as PEM; raises NotAuthenticated (bad or unknown id), RemoteUnreachable."""
        raise NotImplementedError
