"""Settings of a development machine, made once and kept in a file that shells and the demo read alike.

``python -m jira_sandbox.demo.environment FILE`` makes the file unless it is there. Its keys are random and
say of themselves that they are for development, so that production refuses to start with them.
"""

import base64
import secrets
import sys
from pathlib import Path

Settings = dict[str, str]


def made() -> Settings:
    """Make new values for everything the app asks for."""
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return {
        "BACKBONE_MODE": "development",
        "BACKBONE_SECRET_KEY": f"development-{secrets.token_urlsafe(32)}",
        "BACKBONE_ENCRYPTION_KEYS": f"development-1:{key}",
        "BACKBONE_BASE_URL": "http://localhost:8000",
        "BACKBONE_ALLOW_LOOPBACK": "yes",
        "DATABASE_URL": "sqlite:///build/demo/backbone.sqlite3",
    }


def kept(file: Path) -> Settings:
    """Read the file's values; made and written first where there is no file."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text("".join(f"{name}={value}\n" for name, value in made().items()))
    lines = (line.partition("=") for line in file.read_text().splitlines() if line)
    return {name: value for name, _, value in lines}


if __name__ == "__main__":
    kept(Path(sys.argv[1]))
