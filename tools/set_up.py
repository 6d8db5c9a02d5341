"""Set Course Hub up in a virtual environment, with exactly the packages of a lock file.

    python3 tools/set_up.py .venv requirements/site.txt

A lock file is complete, so nothing is resolved, and what an index offers beside it changes nothing. pip, which comes
with Python, installs uv from requirements/uv.txt; uv installs the rest in half the time. Python alone is needed.
"""

import ast
import importlib.util
import os
import re
import subprocess
import sys
import textwrap
import urllib.error
import urllib.request
import venv
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path

UV_LOCK = Path("requirements/uv.txt")
HAS_PIP = importlib.util.find_spec("pip") is not None  # Debian's Python has it in a package of its own
# Where pip is set to take packages from is where uv takes them from.
# https://pip.pypa.io/en/stable/topics/configuration and https://docs.astral.sh/uv/reference/environment
UV_VARIABLES = {
    "index-url": "UV_DEFAULT_INDEX", "find-links": "UV_FIND_LINKS", "no-index": "UV_NO_INDEX", "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}  # fmt: skip


def locked(lock: Path) -> dict[str, set[str]]:
    """Return the versions that a lock file pins, by package; several where they depend on the version of Python."""
    versions: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", lock.read_text(encoding="utf-8"), re.MULTILINE):
        versions.setdefault(name, set()).add(version)
    return versions


def missing(lock: Path, folder: Path) -> list[str]:
    """Return the packages of a lock file that a virtual environment does not hold, sorted."""
    sites = [str(path) for path in folder.glob("lib/python*/site-packages")]
    names = ((package.metadata["Name"], package.version) for package in metadata.distributions(path=sites))
    installed = {(re.sub(r"[-_.]+", "-", name).lower(), version) for name, version in names}
    return sorted(name for name, versions in locked(lock).items() if not {(name, one) for one in versions} & installed)


def pip_command(folder: Path) -> list[str]:
    """Return the command that runs pip for a virtual environment: this Python's, or else the environment's own."""
    python = str(folder / "bin/python")
    return [sys.executable, "-m", "pip", "--python", python] if HAS_PIP else [python, "-m", "pip"]


def pip_settings(listed: str) -> dict[str, str]:
    """Return the settings that `pip config list` prints, by option; an option's variable goes before pip's files."""
    lines = re.findall(r"^(global|install|:env:)\.([\w-]+)=(.*)$", listed, re.MULTILINE)
    order = ("global", "install", ":env:")
    return {name: ast.literal_eval(value) for _, name, value in sorted(lines, key=lambda line: order.index(line[0]))}


def default_index(shown: str) -> str:
    """Return the package index that `pip install --help` names, from which packages come where nothing else is set."""
    named = re.search(r"\(default\s+(https://[^\s)]+)\)", shown)
    return named[1] if named else ""


def uv_environment(settings: Mapping[str, str], environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment in which uv takes packages from where pip's settings say; uv's own variables go first."""
    as_pip = {UV_VARIABLES[name]: value for name, value in settings.items() if name in UV_VARIABLES}
    return {"UV_SYSTEM_CERTS": "true", **as_pip, **environment}


def is_reachable(index: str) -> bool:
    """Return whether an address responds, even with an HTTP error."""
    try:
        urllib.request.urlopen(index, timeout=10).close()
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False
    return True


def create(folder: Path, *, with_pip: bool) -> None:
    """Create a virtual environment unless there is one whose Python runs, which it does not after some upgrades.

    Without a pip of its own this takes a thirtieth of the time.
    """
    try:
        subprocess.run([folder / "bin/python", "-c", ""], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        venv.create(folder, clear=True, symlinks=True, with_pip=with_pip)


def run(command: list[str], environment: Mapping[str, str]) -> str:
    """Run a command, and return what it printed.

    Raises RuntimeError with what it printed if it fails.
    """
    ran = subprocess.run(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    if ran.returncode:
        raise RuntimeError(ran.stdout.strip())
    return ran.stdout


def install(folder: Path, lock: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """Install the packages of a lock file into a virtual environment, and yield a line before each step.

    Raises RuntimeError with what an installer printed, also where a package needs one that the lock file lacks.
    """
    python = str(folder / "bin/python")
    if missing(UV_LOCK, folder):
        yield f"  uv {min(locked(UV_LOCK)['uv'])}, which installs the rest"
        pinned = ["--no-deps", "--require-hashes", "--requirement", str(UV_LOCK)]
        run([*pip_command(folder), "install", "--quiet", "--retries=2", *pinned], environment)
    yield f"  {len(locked(lock))} packages, at the versions that {lock} pins"
    uv = [str(folder / "bin/uv"), "--quiet", "pip"]
    pinned = ["--no-deps", "--require-hashes", "--requirement", str(lock)]
    run([*uv, "install", "--python", python, "--compile-bytecode", *pinned], environment)
    run([*uv, "check", "--python", python], environment)


def set_up(folder: Path, lock: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """Set up, and yield a line before each step.

    Raises RuntimeError with what an installer printed.
    """
    yield f"Setting up Course Hub in {folder}"
    create(folder, with_pip=not HAS_PIP)
    settings = pip_settings(run([*pip_command(folder), "config", "list"], environment))
    yield from install(folder, lock, uv_environment(settings, environment))
    yield "  Course Hub itself"
    itself = ["--no-deps", "--no-build-isolation", "--editable", "."]
    run([str(folder / "bin/uv"), "-q", "pip", "install", "--python", str(folder / "bin/python"), *itself], environment)
    run([str(folder / "bin/python"), "-m", "compileall", "-q", "src", "hooks"], environment)


def explained(printed: str, folder: Path, lock: Path, index: str | None) -> str:
    """Return the message after an installer failed: what is missing, why, and what to do.

    `index` is where packages are taken from, and is requested once; None if only from this machine.
    """
    absent = [*missing(UV_LOCK, folder), *missing(lock, folder)]
    lines = [f"Course Hub could not be set up. Missing: {', '.join(absent) or f'nothing that {lock} pins'}."]
    is_offline = bool(absent) and index is not None and not is_reachable(index)
    if is_offline:
        lines.append(
            f"The package index {index} cannot be reached from this machine. Connect it to the network, or set pip to "
            "an index that it reaches (PIP_INDEX_URL), and run the same command again: it goes on where it stopped. "
            "Once set up, Course Hub needs no network."
        )
    else:
        lines.append("The installer printed:")
    text = "\n".join(textwrap.fill(line, 100, break_on_hyphens=False) for line in lines)
    return text if is_offline else f"{text}\n\n{textwrap.indent(printed, '    ')}"


def main() -> int:
    """Set up, and return 1 if that failed."""
    folder, lock = map(Path, sys.argv[1:])
    if not HAS_PIP and importlib.util.find_spec("ensurepip") is None:
        print(f"{sys.executable} has neither pip nor ensurepip. On Debian and Ubuntu: apt install python3-venv")
        return 1
    try:
        for line in set_up(folder, lock, os.environ):
            print(line, flush=True)
    except RuntimeError as error:
        pip, wide = pip_command(folder), {**os.environ, "COLUMNS": "200"}
        settings = pip_settings(run([*pip, "config", "list"], os.environ))
        default = default_index(run([*pip, "install", "--help"], wide))
        index = None if "no-index" in settings else settings.get("index-url", default)
        print("", explained(str(error), folder, lock, index), sep="\n", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
