"""The world in step, for services that are best seen at work."""

from tests.support.scenario import story

__all__ = ["story"]
