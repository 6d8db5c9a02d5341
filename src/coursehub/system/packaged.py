"""Files of the product's own repository that its wheel has elsewhere (see `force-include` in pyproject.toml)."""

from pathlib import Path

_REPOSITORY = Path(__file__).parents[3]  # in a checkout


def packaged(path: Path, in_repository: str) -> Path:
    """Return where such a file is: `path` in a wheel, and in a checkout the path in the product's repository."""
    return path if path.exists() else _REPOSITORY / in_repository
