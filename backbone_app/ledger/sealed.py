"""Under which keys sealed values lie, counted without opening any."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

from django.apps import apps
from django.conf import settings
from django.db.models import BinaryField
from django.db.models.functions import Substr

from backbone_app.models.sealing import SealedField, head

NO_KEY: Final = ""
"""Stands for values that no key of the ring can have sealed."""


def columns() -> tuple[SealedField, ...]:
    """Every sealed column of every table."""
    fields = (field for model in apps.get_models() for field in model._meta.concrete_fields)
    return tuple(field for field in fields if isinstance(field, SealedField))


def by_key(fields: Iterable[SealedField]) -> Counter[str]:
    """Count the values of these columns by the id of their key; a scan of each for each key of the ring."""
    found: Counter[str] = Counter()
    for field in fields:
        kept = field.model._default_manager.exclude(**{field.name: b""})
        found[NO_KEY] += kept.count()
        for key in settings.BACKBONE_ENCRYPTION_KEYS:
            start = head(key)
            first = Substr(field.name, 1, len(start), output_field=BinaryField())
            under = kept.alias(start=first).filter(start=start).count()
            found[key] += under
            found[NO_KEY] -= under
    return found
