"""What two spaces synchronize, and how: rows of work types, of fields and of statuses.

``rows`` are the values, ``proposal`` makes the first configuration from what
two spaces offer, ``document`` is its stored form.
"""

from backbone_app.core.configuration.document import FORMAT, from_document, to_document
from backbone_app.core.configuration.names import field_name
from backbone_app.core.configuration.proposal import SUPPORTED, SpaceShape, StatusShape, WorkType, propose
from backbone_app.core.configuration.rows import (
    Comments,
    Configuration,
    ConflictPolicy,
    Direction,
    FieldRow,
    StatusPairs,
    TypeRow,
)

__all__ = [
    "FORMAT",
    "SUPPORTED",
    "Comments",
    "Configuration",
    "ConflictPolicy",
    "Direction",
    "FieldRow",
    "SpaceShape",
    "StatusPairs",
    "StatusShape",
    "TypeRow",
    "WorkType",
    "field_name",
    "from_document",
    "propose",
    "to_document",
]
