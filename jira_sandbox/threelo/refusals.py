"""How Atlassian's gateway and its authorization server refuse, which is otherwise than Jira does."""

from jira_sandbox.wire import Refusal, Response, answer


class GatewayRefusal(Refusal):
    """Refused by ``api.atlassian.com``: ``{"code": 401, "message": "Unauthorized"}``."""

    def answer(self) -> Response:
        """Word the refusal."""
        return answer(self.status, {"code": self.status, "message": " ".join(self.messages)}, objects=0)


class GrantRefusal(Refusal):
    """Refused by ``auth.atlassian.com/oauth/token``: OAuth's ``error`` (RFC 6749, 5.2) and its words."""

    def __init__(self, status: int, code: str, words: str) -> None:
        super().__init__(status, words)
        self.code = code

    def answer(self) -> Response:
        """Word the refusal."""
        told = {"error": self.code, "error_description": " ".join(self.messages)}
        return answer(self.status, told, objects=0)
