"""How Data Center words the refusals that do not come from Jira's own API but from what stands before it."""

from jira_sandbox.wire import Refusal, Response, answer


class Stopped(Refusal):
    """Refused before Jira looked at the call; told as one ``message``."""

    def answer(self) -> Response:
        """Word the refusal as the filters of Atlassian's platform do."""
        return answer(self.status, {"message": self.messages[0]}, objects=0)
