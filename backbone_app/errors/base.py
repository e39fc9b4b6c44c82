"""What all errors of ours have in common."""

from typing import ClassVar


class BackboneError(Exception):
    """Something expected went wrong; ``code`` is stable, the message is not."""

    code: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False
