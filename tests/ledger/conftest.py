"""Rows that ledger tests start from; no Jira is needed here."""

from tests.support.desk import desk
from tests.support.rows import pair, site, synchronization

__all__ = ["desk", "pair", "site", "synchronization"]
