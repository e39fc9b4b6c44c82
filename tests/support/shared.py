"""Where the documents lie that the tests compare with and that are no part of this project."""

import os
from pathlib import Path

SHARED = Path(os.environ.get("SHARED_DIR", Path(__file__).resolve().parents[3] / "shared"))
"""The folder ``SHARED_DIR`` names, or ``shared`` beside the project; tests say when they miss it."""
