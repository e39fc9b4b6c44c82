"""Where the documents lie that the tests compare with and that are no part of this project."""

import os
from pathlib import Path

SHARED = Path(os.environ.get("SHARED_DIR", Path(__file__).resolve().parents[3] / "shared"))
"""The folder ``SHARED_DIR`` names, or ``shared`` beside the project; tests say when they miss it."""
COMPARED = (
    *("specs/connect-jira-global-schema.2019-06.json", "specs/jira-cloud-v3.swagger-v3.v3.json"),
    *("specs/adf-schema-57.7.22.full.json", "corpus/adf", "corpus/connect", "corpus/issues"),
    *("corpus/webhooks", "corpus/wiki"),
)
"""What tests skip for where it is missing; test_shared.py fails for it where everything counts."""
