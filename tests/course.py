"""A course for rehearsals: a stand-in for GitHub with the repository's real workflows, and the people who use it."""

import datetime as dt
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import workflows
from standin import Event, StandIn
from standin.objects import Entry
from workflows import Done

from coursehub import desk, starting
from coursehub.claims import pending
from coursehub.desk import Desk, Outcome
from coursehub.desk.commits import LARGEST_READ
from coursehub.github.door import GitHub
from coursehub.records import repository
from coursehub.site import SiteInputs
from coursehub.starting import Answers, Product
from coursehub.system.git_objects import Changed, File, TooLargeError, UnknownCommitError

DATA = Path(__file__).parent / "fixtures/rules/data"
START = dt.datetime(2026, 11, 1, 12, 0, tzinfo=dt.UTC)
BOT = "github-actions"
DESK = ".github/workflows/desk.yml"


def claim(author: str, tool: str, **fields: str) -> str:
    """A post that claims a tool."""
    front = {"title": f'"About {tool}"', "authors": author, "option": "mlops-tool", "tool": f'"{tool}"',
             "semester": "F2026", "status": "claimed", **fields}  # fmt: skip
    return "---\n" + "".join(f"{name}: {value}\n" for name, value in front.items()) + "---\n"


def files_of_main() -> dict[str, str | bytes]:
    data = {f"data/{path.name}": path.read_bytes() for path in DATA.iterdir()}
    return {**data, "README.md": "The course\n", "docs/index.md": "Hello\n"}


COMMIT = "0123456789abcdef0123456789abcdef01234567"
ANSWERS = Answers(name="Hub", repo="course/hub", staff=("teacher",), time_zone="Europe/Berlin", semester="F2026")


def callers() -> dict[str, bytes]:
    """The workflows of a course, by their paths."""
    written = starting.contents(ANSWERS, Product(f"coursehub @ git+https://example.org/x@{COMMIT}", COMMIT))
    return {path: text for path, text in written.items() if path.startswith(".github/workflows/")}


class Course:
    """A repository with the desk's people. `callers`: its workflows are a course's, in place of this repository's."""

    def __init__(self, folder: Path, url: str, github: StandIn, callers: Mapping[str, bytes] | None = None) -> None:
        self.github, self.folder, self._url = github, folder, url
        self._callers = callers
        self._seen = 0
        self._runs = 0
        self.withheld: tuple[str, ...] = ()  # what the token may not write, whatever the workflow asks for
        self.done: list[Done] = []
        self.store = workflows.Store(folder / "pages")

    def at(self, seconds: float) -> None:
        """Set GitHub's clock: seconds since the course began."""
        self.github.now = START + dt.timedelta(seconds=seconds)

    def workflow(self, name: str) -> dict[str, Any]:
        """A workflow as GitHub runs it."""
        if self._callers is None:
            return workflows.load(name)
        return workflows.called(workflows.parse(self._callers[f".github/workflows/{name}"].decode()))

    def claims(self, author: str, tool: str, *, key: str = "", **fields: str) -> int:
        """A student opens a pull request that claims a tool."""
        return self.github.open(author, {f"posts/F2026/{key or tool.lower()}.md": claim(author, tool, **fields)})

    def deliver(self, *events: Event) -> None:
        """Workflows run for these events. Without any, nobody ran yet for what happened: the workflow runs for the last
        event of that, after the desk looked at those before it in this process, which takes a tenth of the time.
        """
        if not events:
            waiting = [each for each in self.github.events[self._seen :] if self._wakes(each)]
            for event in waiting[:-1]:
                self.judge_here(event.payload.get("pull_request", {}).get("number"))
            events = tuple(waiting[-1:])
        self._seen = len(self.github.events)
        for event in events:
            if self._wakes(event):
                self.run("desk.yml", event.name, event.payload, event.action)

    def _wakes(self, event: Event) -> bool:
        """Whether the desk runs for an event: one that it is for, and a dispatch that names it, unless it is disabled."""
        is_disabled = self.github.settings["workflows"].get(DESK, "active") != "active"
        is_its_own = event.payload.get("workflow", DESK) == DESK
        desk_workflow = self.workflow("desk.yml")
        return is_its_own and not is_disabled and workflows.is_woken(desk_workflow, event.name, event.action)

    def run(self, name: str, event: str, payload: Mapping[str, Any], action: str | None = None) -> list[Done]:
        """Run a workflow for an event, if it is woken by it."""
        workflow = self.workflow(name)
        assert isinstance(workflow["on"], dict)
        if not workflows.is_woken(workflow, event, action):
            return []
        self.done = [done for job in workflow["jobs"].values() for done in self.run_job(job, event, payload)]
        return self.done

    def run_job(self, job: Mapping[str, Any], event: str, payload: Mapping[str, Any]) -> list[Done]:
        """Run the commands of one job for an event, with the permissions that it asks for and no other."""
        granted = {name.replace("-", "_"): level for name, level in job.get("permissions", {}).items()}
        if granted:
            self.github.permissions = {**granted, "metadata": "read", **dict.fromkeys(self.withheld, "read")}
        default = {"repository": {"default_branch": "main"}}
        self._runs += 1
        run = {"token": "token-of-the-run", "run_id": self._runs, "run_attempt": 1}
        github = {"event_name": event, "event": {**default, **payload}, **run}
        folder = self.folder / f"run-{self._runs}"
        ref = self._merge_ref(payload["number"]) if event == "pull_request" else "refs/heads/main"
        environment = workflows.runner_environment(self._url, self.github.repository, self.folder)
        environment |= {  # git fetches from the stand-in what it would fetch from GitHub
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.{self.github.objects.folder}.insteadOf",
            "GIT_CONFIG_VALUE_0": f"https://github.com/{self.github.repository}.git",
        }
        done = workflows.run_job(job, github, self.github.objects.folder, folder, environment, ref, self.store)
        shutil.rmtree(folder, ignore_errors=True)  # a job without a checkout may have none
        return done

    def _merge_ref(self, number: int) -> str:
        """The merge of a pull request with main as it is now, which need not be the one that the event names."""
        pull, ref = self.github.pulls[number], f"refs/pull/{number}/merge"
        files = self.github.objects.merged(self.github.main, pull.head_sha)
        assert files is not None, "GitHub runs nothing for a pull request in conflict"
        parents = (self.github.main, pull.head_sha)
        self.github.objects.refer(ref, self.github.objects.commit(files, parents, BOT, "Merge", self.github.now))
        return ref

    def publish(self, event: str = "workflow_run") -> SiteInputs | None:
        """Publishing is woken, by the desk's end if nothing else; return what the site is then built from.

        None: nothing was new, so the site stays as it is. Of the job that builds, only what it leaves on the site for
        the next run is acted out.
        """
        workflow = self.workflow("publish.yml")
        assert workflows.is_woken(workflow, event, "completed")
        jobs = workflow["jobs"]
        self.done = self.run_job(jobs["pending"], event, {})
        assert [each.code for each in self.done] == [0] * len(self.done), self.done
        if not workflows.evaluate(jobs["build"]["if"], {"needs": {"pending": {"outputs": self.store.outputs}}}):
            return None
        names = ("Take what is asked for", "Let the next run see what this was published from", "Hand the site over")
        steps = [step for step in jobs["build"]["steps"] if step.get("name") in names]
        building = {"name": "Build", "run": "mkdir site"}
        self.run_job({"steps": [steps[0], building, *steps[1:]]}, event, {})
        known = self.store.artifact("pending").get("claims.json")
        return SiteInputs(pending=pending.read(known) if known else None, repository="https://github.com/course/hub")

    def judge_here(self, number: int | None = None) -> None:
        """The desk runs in this process, which is faster where there is much to do."""
        office = Office(self.folder / "office", self.github)
        office.reload()
        assert office.run(number).failures == []

    def know_workflows(self) -> None:
        """Put the repository's workflows on GitHub, with the inputs that they take. None is disabled."""
        names = [path.name for path in workflows.WORKFLOWS.glob("*.yml")] if self._callers is None else self._callers
        for name in (Path(name).name for name in names):
            dispatch = self.workflow(name)["on"].get("workflow_dispatch") or {}
            inputs = {field: str(each["default"]).lower() for field, each in dispatch.get("inputs", {}).items()}
            self.github.settings["workflows"].setdefault(f".github/workflows/{name}", "active")
            self.github.settings["inputs"][f".github/workflows/{name}"] = inputs

    def wake(self) -> list[Done]:
        """The desk runs as it does by the clock, which starts it as any other program would."""
        self.know_workflows()
        clock = self.run("clock.yml", "schedule", {"schedule": "7 */2 * * *"})
        if all(each.code == 0 for each in clock):
            self.deliver(self.github.events[-1])
        return self.done

    def status(self, number: int) -> tuple[str, str] | None:
        """The desk's mark on a pull request's newest commit."""
        statuses = [
            each for each in self.github.latest(self.github.pulls[number].head_sha) if each.context == "claim desk"
        ]
        return (statuses[0].state, statuses[0].description or "") if statuses else None

    def state(self, number: int) -> str | None:
        status = self.status(number)
        return status[0] if status else None

    def comment(self, number: int) -> str:
        """The desk's only comment, without what is hidden."""
        comments = [each for each in self.github.comments_on(number) if each.is_bot and each.author == BOT]
        assert len(comments) <= 1
        return comments[0].body.rpartition("\n<!-- ")[0] if comments else ""

    def writes(self) -> list[str]:
        """The requests that wrote to GitHub, each as METHOD /path; not those that only start a workflow."""
        return [f"{each.method} {each.path}" for each in self.github.requests
                if each.method != "GET" and not each.path.endswith(("/graphql", "/dispatches"))]  # fmt: skip


class Remembered:
    """The commits of the stand-in as git would fetch them, without git; test_git_objects holds them against git's."""

    def __init__(self, github: StandIn) -> None:
        self._objects = github.objects
        self.fetched: list[list[str]] = []  # what was asked for, each time
        self.forgotten: set[str] = set()

    def fetch(self, commits: Iterable[str]) -> None:
        self.fetched.append(sorted({*commits}))

    def changed(self, main: str, head: str, most: int) -> Mapping[str, Changed]:
        assert any(head in heads for heads in self.fetched), f"{head} was not fetched"
        if head in self.forgotten:
            raise UnknownCommitError(f"{head} is gone")
        before = self._objects.files(self._objects.merge_base(main, head))
        after = self._objects.files(head)
        paths = [path for path in before.keys() | after.keys() if before.get(path) != after.get(path)]
        if len(paths) > most:
            raise TooLargeError(f"{head} changes more than {most} files")
        return {path: Changed(_file(before.get(path)), _file(after.get(path))) for path in paths}

    def sizes(self, shas: Iterable[str]) -> Mapping[str, int | None]:
        sizes = {sha: len(self._objects.blob(sha) or b"") for sha in shas}
        return {sha: size if size <= LARGEST_READ else None for sha, size in sizes.items()}

    def contents(self, shas: Iterable[str]) -> Mapping[str, bytes]:
        assert sum(size or 0 for size in self.sizes(shas).values()) < 2_000_000, "no more is read than posts may have"
        return {sha: self._objects.blob(sha) or b"" for sha in shas}

    def hunks(self, before: str, after: str) -> Sequence[range]:
        return [span for _, span in self._objects.hunks(before, after, context=3) if span]


def _file(entry: Entry | None) -> File | None:
    return File(*entry) if entry else None


class Office:
    """The desk in this process, without workflows and without waiting."""

    def __init__(self, folder: Path, github: StandIn | None = None) -> None:
        self.github = github or StandIn(folder / "hub.git", files_of_main(), START)
        for path, content in files_of_main().items():
            (folder / "main" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "main" / path).write_bytes(content if isinstance(content, bytes) else content.encode())
        self.hub = repository.load(folder / "main")
        self.waited: list[float] = []
        self.door = GitHub(
            "course/hub", "token", url="https://api.github.com", graphql_url="https://api.github.com/graphql",
            server="https://github.com", sleep=self.waited.append, transport=self.github.transport(),
        )  # fmt: skip
        self.source = Remembered(self.github)

    def desk(self, **how: Any) -> Desk:
        """The desk of one look, which begins anew to count its requests."""
        self.door.requests = 0
        return Desk(self.door, self.source, self.hub, self.github.main, "github-actions[bot]", **how)

    def run(self, number: int | None = None, *, again: bool = False, **how: Any) -> Outcome:
        return desk.post(self.desk(**how), number, again=again)

    def states(self) -> list[str | None]:
        statuses = [self.github.latest(pull.head_sha) for pull in self.github.pulls.values()]
        return [each[0].state if each else None for each in statuses]

    def state_of(self, number: int) -> str:
        return self.status(number)[0]

    def at(self, seconds: float) -> None:
        self.github.now = START + dt.timedelta(seconds=seconds)

    def open(self, author: str, tool: str, *, at: float = 0, **how: Any) -> int:
        self.at(at)
        return self.github.open(author, {f"posts/F2026/{tool.lower()}.md": claim(author, tool)}, **how)

    def reload(self) -> None:
        """Main's posts as they are now."""
        files = self.github.objects.files(self.github.main)
        posts = {path: stored(self.github, path) for path in files if path.startswith("posts/")}
        self.hub = repository.changed(self.hub, posts)

    def status(self, number: int) -> tuple[str, str | None]:
        [status] = self.github.latest(self.github.pulls[number].head_sha)
        return status.state, status.description

    def writes(self) -> int:
        return sum(each.method in ("POST", "PATCH") and "graphql" not in each.path for each in self.github.requests)

    def comments(self) -> list[int]:
        return [len(self.github.comments_on(number)) for number in self.github.pulls]


def stored(github: StandIn, path: str) -> repository.Stored:
    content = github.objects.blob(github.objects.files(github.main)[path].sha) or b""
    return repository.Stored(len(content), content)


@contextmanager
def opened(folder: Path, callers: Mapping[str, bytes] | None = None) -> Iterator[Course]:
    """A course on the first day, its GitHub served on this machine."""
    github = StandIn(folder / "hub.git", {**files_of_main(), **(callers or {})}, START)
    with github.serve() as url:
        yield Course(folder, url, github, callers)
    assert github.faults_of_ours == []
