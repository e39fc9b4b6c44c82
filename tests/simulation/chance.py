"""Chance by name: what is drawn for one purpose is the same whatever else is drawn, or left out."""

import random
from hashlib import blake2b

_WHOLE = float(1 << 64)


def unit(*key: object) -> float:
    """Draw a number from 0 up to 1 for the purpose that ``key`` names."""
    text = "\0".join(map(str, key)).encode()
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big") / _WHOLE


def between(low: float, high: float, *key: object) -> float:
    """Draw a number between two others for the purpose that ``key`` names."""
    return low + (high - low) * unit(*key)


def stream(*key: object) -> random.Random:
    """Give a chance of its own for the purpose that ``key`` names."""
    return random.Random("\0".join(map(str, key)))
