"""How the sites answered the app: which of its calls had their effect, and which were told to wait."""

import threading
from collections import Counter
from datetime import datetime

from jira_sandbox.limits import Limits
from jira_sandbox.quotas import Asked
from jira_sandbox.wire import Response


class Answers(Limits):
    """Limits that take note of every answer.

    ``done`` counts by endpoint the calls that had their effect, ``told_to_wait`` by reason those that were
    answered 429; the reason is "" where Jira gave none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.done: Counter[str] = Counter()
        self.told_to_wait: Counter[str] = Counter()
        self._noting = threading.Lock()

    def answered(
        self, asked: Asked, response: Response, *, points: int, now: datetime, date: datetime
    ) -> Response:
        """Let the limits add what they have to tell, and count."""
        told = super().answered(asked, response, points=points, now=now, date=date)
        with self._noting:
            if told.status < 300:
                self.done[asked.endpoint] += 1
            if told.status == 429:
                self.told_to_wait[told.headers.get("RateLimit-Reason", "")] += 1
        return told
