"""Rows that ledger tests start from; no Jira is needed here."""

from tests.support.rows import pair, site, synchronization

__all__ = ["pair", "site", "synchronization"]
