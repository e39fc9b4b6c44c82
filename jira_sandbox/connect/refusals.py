"""The refusals of ``/rest/atlassian-connect``, which are worded otherwise than those of Jira's own API."""

from jira_sandbox.wire import Refusal, Response, answer


class OperationRefusal(Refusal):
    """Refused in the shape ``OperationMessage``: the words and the status."""

    def answer(self) -> Response:
        """Word the refusal."""
        told = {"message": " ".join(self.messages), "statusCode": self.status}
        return answer(self.status, told, objects=0)


class MessageRefusal(Refusal):
    """Refused in the shape ``ErrorMessage``: nothing but the words."""

    def answer(self) -> Response:
        """Word the refusal."""
        return answer(self.status, {"message": " ".join(self.messages)}, objects=0)
