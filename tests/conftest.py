"""Hypothesis draws the same examples in every run, so that a test that passes here passes there; what this machine can't
run is listed at the end.
"""

import gc
import os
import shutil
from functools import partialmethod
from pathlib import Path

import browsers
import hypothesis
import pytest
import recordings
import repositories
import sites
import trees

BROWSER_TESTS = Path(__file__).parent / "browser"

# Tests write the same files on every system; what commands write on Windows, test_windows.py looks at.
Path.write_text = partialmethod(Path.write_text, newline="\n")  # type: ignore[method-assign, assignment]

hypothesis.settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis.settings.load_profile("ci")

gc.disable()  # until all tests are collected: what that makes is kept


@pytest.fixture(scope="session")
def shared_site(tmp_path_factory: pytest.TempPathFactory) -> sites.SharedSite:
    """A function that gives a site by its name, built once a run."""
    return lambda name: sites.shared(tmp_path_factory, name)


@pytest.fixture(scope="session")
def hub_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a repository in which nothing is wrong, made once a run: that of `fixtures/cli/hub.txt`."""
    repository = repositories.Repository(tmp_path_factory.mktemp("template"))
    trees.write(trees.parse((Path(__file__).parent / "fixtures/cli/hub.txt").read_text()), repository.root)
    repository.commit()
    return repository.root


@pytest.fixture
def repository(hub_template: Path, tmp_path: Path) -> repositories.Repository:
    """A repository in which nothing is wrong."""
    return repositories.Repository(shutil.copytree(hub_template, tmp_path / "hub"))


@pytest.fixture
def root(repository: repositories.Repository, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Its folder, which is the current one."""
    monkeypatch.chdir(repository.root)
    return repository.root


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what needs a site or a browser, which `make quick` leaves out. The rest is marked where it is."""
    for item in items:
        is_in_browser = item.path.is_relative_to(BROWSER_TESTS)
        if is_in_browser or "shared_site" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.slow)


def pytest_collection_finish() -> None:
    """Spare all searches for garbage what was collected, which is needed to the end, and make fewer of them."""
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000)


def pytest_sessionfinish() -> None:
    """Spare the processes pytest's last search for garbage, through all that they parsed: who waits for them cuts it short."""
    gc.freeze()


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Half as many processes again as there are processors: each waits now and then for a browser, a file or a lock."""
    return max(2, (os.cpu_count() or 1) * 3 // 2)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List what was not run, where such tests were asked for."""
    sentence = browsers.not_run(has_recordings=recordings.are_there())
    if sentence and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line(sentence, yellow=True)
