"""How the provider refuses: as OAuth does (RFC 6749, 5.2), never as Jira's API."""

from typing import Literal

from jira_sandbox.wire import Response, answer

Error = Literal["invalid_client", "invalid_grant", "invalid_request", "unsupported_grant_type"]


class ClientRefused(Exception):
    """The client's request was refused; ``words`` may be shown to whoever runs it."""

    def __init__(self, error: Error, words: str) -> None:
        super().__init__(f"{error}: {words}")
        self.error = error
        self.words = words

    def answer(self) -> Response:
        """Answer 401 to who is not a known client, 400 to anybody else."""
        status = 401 if self.error == "invalid_client" else 400
        told = answer(status, {"error": self.error, "error_description": self.words}, objects=0)
        return Response(status, {**told.headers, "Cache-Control": "no-store"}, told.body)
