"""Setting up installs the versions that the lock file pins, whatever an index offers, or prints what is missing."""

import hashlib
import shutil
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import set_up
from needs import MAKE

from coursehub.links.crawl import served

pytestmark = MAKE

# An index as it is six days after a lock was written: a newer holder is out, and its extra needs one more package.
PACKAGES = {
    "asks-for-extra": {"1.0": ["holder[toml]>=1.0"]},
    "holder": {"1.0": ["reader; extra == 'toml'"], "1.1": ["reader>=2; extra == 'toml'"]},
    "reader": {"1.0": [], "2.0": []},
}


def wheel(folder: Path, name: str, version: str, needs: list[str]) -> Path:
    """A wheel with nothing in it but what it needs, as https://packaging.python.org/specifications has it."""
    path = folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    about = f"{name.replace('-', '_')}-{version}.dist-info"
    extras = "Provides-Extra: toml\n" if any("extra ==" in need for need in needs) else ""
    files = {
        "METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{extras}"
        + "".join(f"Requires-Dist: {need}\n" for need in needs),
        "WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(f"{about}/{file}", text)
        archive.writestr(f"{about}/RECORD", "".join(f"{about}/{file},,\n" for file in (*files, "RECORD")))
    return path


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    """The address of a package index that offers all of PACKAGES, as PEP 503 has it."""
    for name, versions in PACKAGES.items():
        folder = tmp_path / "simple" / name
        folder.mkdir(parents=True)
        wheels = [wheel(folder, name, version, needs) for version, needs in versions.items()]
        links = [f'<a href="{path.name}">{path.name}</a>' for path in wheels]
        (folder / "index.html").write_text(f"<!DOCTYPE html><body>{''.join(links)}</body>")
    with served(tmp_path) as address:
        yield f"{address}simple"


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A virtual environment in which nothing but uv has been installed yet."""
    folder = tmp_path / "venv"
    venv.create(folder, symlinks=True)
    (inside,) = folder.glob("lib/python*/site-packages")
    for about in Path(sysconfig.get_path("purelib")).glob("uv-*.dist-info"):
        shutil.copytree(about, inside / about.name)
    (folder / "bin/uv").symlink_to(Path(sys.prefix, "bin/uv"))
    return folder


def lock(folder: Path, **pins: str) -> Path:
    """A lock file that pins these packages, with the hashes of their wheels."""
    lines = []
    for name, version in pins.items():
        wheel = next((folder / "simple").glob(f"*/{name}-{version}-*.whl"))
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        lines.append(f"{name.replace('_', '-')}=={version} \\\n    --hash=sha256:{digest}\n")
    path = folder / "lock.txt"
    path.write_text("".join(lines))
    return path


def settings(tmp_path: Path, index: str) -> dict[str, str]:
    return {"PATH": "", "UV_DEFAULT_INDEX": index, "UV_CACHE_DIR": str(tmp_path / "cache")}


def installed(environment: Path) -> set[str]:
    (inside,) = environment.glob("lib/python*/site-packages")
    return {path.name.removesuffix(".dist-info") for path in inside.glob("*.dist-info")} - {"uv-" + uv_version()}


def uv_version() -> str:
    (version,) = set_up.locked(set_up.UV_LOCK)["uv"]
    return version


def test_what_is_pinned_is_installed_though_newer_versions_are_out(
    tmp_path: Path, index: str, environment: Path
) -> None:
    pinned = lock(tmp_path, asks_for_extra="1.0", holder="1.0", reader="1.0")
    assert set_up.missing(pinned, environment) == ["asks-for-extra", "holder", "reader"]
    lines = list(set_up.install(environment, pinned, settings(tmp_path, index)))
    assert lines == [f"  3 packages, at the versions that {pinned} pins"]
    assert installed(environment) == {"asks_for_extra-1.0", "holder-1.0", "reader-1.0"}
    assert set_up.missing(pinned, environment) == []


def test_a_lock_that_lacks_what_a_package_needs_is_refused(tmp_path: Path, index: str, environment: Path) -> None:
    with pytest.raises(RuntimeError, match="holder"):
        list(set_up.install(environment, lock(tmp_path, asks_for_extra="1.0"), settings(tmp_path, index)))


def test_another_file_than_the_pinned_one_is_refused(tmp_path: Path, index: str, environment: Path) -> None:
    pinned = lock(tmp_path, holder="1.0", reader="1.0")
    wheel(tmp_path / "simple/reader", "reader", "1.0", ["something-else"])
    with pytest.raises(RuntimeError, match="Hash mismatch"):
        list(set_up.install(environment, pinned, settings(tmp_path, index)))


def test_who_is_offline_reads_what_is_missing_and_what_to_do(tmp_path: Path, index: str, environment: Path) -> None:
    pinned = lock(tmp_path, holder="1.0", reader="1.0")
    nowhere = "http://127.0.0.1:9/simple"
    with pytest.raises(RuntimeError) as raised:
        list(set_up.install(environment, pinned, {**settings(tmp_path, nowhere), "UV_HTTP_RETRIES": "0"}))
    assert set_up.explained(str(raised.value), environment, pinned, nowhere) == (
        "Course Hub could not be set up. Missing: holder, reader.\n"
        "The package index http://127.0.0.1:9/simple cannot be reached from this machine. Connect it to the\n"
        "network, or set pip to an index that it reaches (PIP_INDEX_URL), and run the same command again: it\n"
        "goes on where it stopped. Once set up, Course Hub needs no network."
    )
    assert set_up.explained("disk full", environment, pinned, index) == (
        "Course Hub could not be set up. Missing: holder, reader.\nThe installer printed:\n\n    disk full"
    )


def test_an_environment_whose_python_is_gone_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "venv"
    set_up.create(folder, with_pip=False)
    (folder / "kept").touch()
    set_up.create(folder, with_pip=False)
    assert (folder / "kept").exists()
    (folder / "bin/python").unlink()
    (folder / "bin/python").symlink_to(tmp_path / "upgraded")
    set_up.create(folder, with_pip=False)
    assert not (folder / "kept").exists()
    set_up.run([str(folder / "bin/python"), "-c", ""], {})


def test_uv_takes_packages_from_where_pip_is_set_to() -> None:
    """A variable goes before pip's files, and what is set for uv itself before both."""
    listed = (
        ":env:.index-url='https://own.example/'\nglobal.index-url='https://mirror.example/simple'\n"
        "global.proxy='proxy.example:3128'\nglobal.timeout='3'\ninstall.find-links='/wheels'\n"
    )
    expected = {
        "UV_DEFAULT_INDEX": "https://own.example/", "ALL_PROXY": "proxy.example:3128", "UV_FIND_LINKS": "/wheels",
        "UV_SYSTEM_CERTS": "true",
    }  # fmt: skip
    settings = set_up.pip_settings(listed)
    assert set_up.uv_environment(settings, {}) == expected
    own = {"UV_DEFAULT_INDEX": "https://uvs.example/"}
    assert set_up.uv_environment(settings, own) == expected | own


@pytest.mark.parametrize(
    ("shown", "index"),
    [
        ("  -i, --index-url <url>  The Package Index (default\n       https://index.example/simple). This", "https://index.example/simple"),
        ("  -i, --index-url <url>  The Package Index.", ""),
    ],
)  # fmt: skip
def test_pip_says_where_packages_come_from_otherwise(shown: str, index: str) -> None:
    assert set_up.default_index(shown) == index


PIP = """
import sys
listed = {listed!r}
said = {{("config", "list"): listed, ("install", "--help"): "The index (default https://pips.example/simple)."}}
print(said[tuple(sys.argv[1:])])
"""


@pytest.mark.parametrize(
    ("listed", "sentence"),
    [
        ("", "The package index https://pips.example/simple cannot be reached"),
        ("global.index-url='https://own.example/'", "The package index https://own.example/ cannot be reached"),
        ("global.no-index='true'", "The installer printed: no connection"),
    ],
)
def test_who_is_offline_is_told_the_index_that_pip_is_set_to_or_else_pips_own(
    listed: str, sentence: str, tmp_path: Path, index: str, environment: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    def offline(*_: object) -> Iterator[str]:
        yield "Setting up"
        raise RuntimeError("no connection")

    (inside,) = environment.glob("lib/python*/site-packages")
    (inside / "pip").mkdir()
    (inside / "pip/__main__.py").write_text(PIP.format(listed=listed))
    monkeypatch.setattr(set_up, "HAS_PIP", False)
    monkeypatch.setattr(set_up, "set_up", offline)
    monkeypatch.setattr(set_up, "is_reachable", lambda index: False)
    monkeypatch.setattr(sys, "argv", ["set_up.py", str(environment), str(lock(tmp_path, holder="1.0"))])
    assert set_up.main() == 1
    output = capsys.readouterr()
    assert output.out == "Setting up\n"
    assert f"Missing: holder. {sentence}" in " ".join(output.err.split())


def test_the_lock_of_the_tests_agrees_with_that_of_the_site() -> None:
    """The tested versions are those of the published site."""
    site, dev = (set_up.locked(Path(f"requirements/{name}.txt")) for name in ("site", "dev"))
    assert site.items() <= dev.items()
