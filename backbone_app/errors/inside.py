"""What must not go on within this service."""

from backbone_app.errors.base import BackboneError


class EgressRefused(BackboneError):
    """An address we must not call; refused before any socket was opened."""

    code = "egress_refused"

    def __init__(self) -> None:
        super().__init__("This address cannot be used: it is not a public https address of a Jira site.")


class LeaseLost(BackboneError):
    """Another worker owns the pair by now; nothing of this one may be committed."""

    code = "lease_lost"

    def __init__(self) -> None:
        super().__init__("Another worker has taken this pair over.")


class SecretUnreadable(BackboneError):
    """A stored secret cannot be decrypted: wrong key, damaged, or moved from another row."""

    code = "secret_unreadable"

    def __init__(self, context: str) -> None:
        super().__init__(f"The stored secret of {context} cannot be read with the keys given.")
