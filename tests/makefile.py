"""The Makefile's targets, as a person runs them: a make that runs the tests passes nothing on to the make in a test."""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]

# A `make VENV=elsewhere test` hands its variables to each make below it through these.
ENVIRONMENT = {
    name: value for name, value in os.environ.items() if not name.startswith(("COURSEHUB_", "MAKE", "MFLAGS"))
}


def steps(target: str) -> str:
    """Return the commands that a target runs, one a line, without running them."""
    return subprocess.run(
        ["make", "--dry-run", "--always-make", target],
        cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
