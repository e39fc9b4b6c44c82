"""The fixture that every scenario starts from."""

from tests.support.scenario import story

__all__ = ["story"]
