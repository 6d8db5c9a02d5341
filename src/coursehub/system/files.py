"""Files that are written whole or not at all."""

import os
from pathlib import Path


def write(path: Path, content: bytes, *, mode: int = 0o666) -> None:
    """Write beside the file and put it in its place, so that nobody ever finds half of it. Raises `OSError`.

    `mode` are the rights of the new file, as far as the user's mask leaves them.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.touch(mode, exist_ok=False)
    try:
        beside.write_bytes(content)
        with beside.open("rb") as file:
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
