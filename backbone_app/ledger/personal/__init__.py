"""Whose personal data the tables hold: the one declaration of it, and how it is found, shown and erased.

What we hold of a person is Jira's account id, texts that may name it, and mail addresses that an admin
typed. Which account has which address nobody here knows: a person is looked for by the one or by the other.
Names are asked of Jira when a page shows them (``ledger.people``).
"""

from backbone_app.ledger.personal.columns import COLUMNS, Column, Form
from backbone_app.ledger.personal.edits import FORMER
from backbone_app.ledger.personal.erasing import erase
from backbone_app.ledger.personal.finding import (
    accounts_in_texts,
    accounts_mentioned,
    accounts_of,
    addresses_of,
    count,
    held,
    is_account,
    known_as,
)

__all__ = [
    "COLUMNS",
    "FORMER",
    "Column",
    "Form",
    "accounts_in_texts",
    "accounts_mentioned",
    "accounts_of",
    "addresses_of",
    "count",
    "erase",
    "held",
    "is_account",
    "known_as",
]
