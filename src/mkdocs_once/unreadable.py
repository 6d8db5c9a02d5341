"""Files that cannot be read: what is said of them instead of a traceback."""

from pathlib import Path

from mkdocs.exceptions import PluginError


def refusal(file: str, error: OSError | UnicodeDecodeError) -> PluginError:
    """The error that says which file cannot be read, why, and what to do."""
    if isinstance(error, UnicodeDecodeError):
        line, byte = error.object[: error.start].count(b"\n") + 1, error.object[error.start]
        return PluginError(f"{shown(file)}:{line}: the byte {byte:#04x} is no UTF-8: save the file as UTF-8.")
    return PluginError(f"{shown(file)} cannot be read: {error.strerror}.")


def shown(file: str) -> str:
    """The path of a file from the current folder, if it is there."""
    path, folder = Path(file), Path.cwd()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else file
