"""The plan for one pair: what to write where, and what becomes the base.

Pure, deterministic, in a fixed order: same views, same plan.
"""

from backbone_app.core.configuration import Configuration
from backbone_app.core.operations import (
    Conflict,
    FieldWrite,
    LabelsWrite,
    Operation,
    OperationKind,
    Plan,
    Problem,
    Question,
    Write,
)
from backbone_app.core.state import EMPTY_BASE, Base, BaseChange, ElementBase, FieldBase, View
from backbone_app.core.values import Side

__all__ = [
    "EMPTY_BASE",
    "Base",
    "BaseChange",
    "Conflict",
    "ElementBase",
    "FieldBase",
    "FieldWrite",
    "LabelsWrite",
    "Operation",
    "OperationKind",
    "Plan",
    "Problem",
    "Question",
    "View",
    "Write",
    "differs",
    "plan",
]


def plan(
    configuration: Configuration,
    base: Base,
    left: View | None,
    right: View | None,
    *,
    twin_key: bytes | None = None,
) -> Plan:
    """What brings the pair in step.

    A view that is None: this side's twin does not exist yet; it is created
    where type row and direction allow. ``twin_key`` is then the digest key of
    the site it is created on; None: both spaces are on one site.
    A work type outside the configuration, or two types that are not of one
    row, give the problem ``type_not_mapped`` and nothing else.
    """
    raise NotImplementedError


def differs(configuration: Configuration, base: Base, side: Side, view: View) -> bool:
    """Whether the other side is worth reading after this side was seen.

    True when a mapped field that may travel from here differs from its base or
    has none, when a crossed edit is open, or when the type is not mapped.
    """
    raise NotImplementedError
