"""Rows that the gateway's tests start from; no Jira is needed here."""

from tests.support.rows import site

__all__ = ["site"]
