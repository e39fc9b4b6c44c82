"""Data Center's rate limiting, which an administrator switches on: a bucket of tokens for each person.

https://confluence.atlassian.com/adminjiraserver/adjusting-your-code-for-rate-limiting-987143384.html
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(slots=True, kw_only=True)
class Bucket:
    """What one person has left, counted up to ``since``."""

    left: int
    since: datetime


@dataclass(slots=True, kw_only=True)
class RateLimit:
    """So many requests are ``allowed`` each ``interval``; who spares them has ``most`` at once."""

    allowed: int
    interval: timedelta
    most: int
    buckets: dict[str, Bucket] = field(default_factory=dict)

    def bucket(self, account_id: str, now: datetime) -> Bucket:
        """Find somebody's bucket, filled up to ``now``; tokens come in batches, an interval apart."""
        bucket = self.buckets.setdefault(account_id, Bucket(left=self.most, since=now))
        batches = (now - bucket.since) // self.interval
        bucket.left = min(self.most, bucket.left + batches * self.allowed)
        bucket.since += batches * self.interval
        return bucket

    def wait(self, bucket: Bucket, now: datetime) -> float:
        """Tell the seconds until there are tokens again; 0 while some are left."""
        return 0.0 if bucket.left else (bucket.since + self.interval - now).total_seconds()
