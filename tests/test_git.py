"""Questions to git, asked of real repositories."""

from pathlib import Path

import pytest
from repositories import Repository

from coursehub.system import git

# Different enough that git would pair them as a rename only by their own content.
LONG = "".join(f"line {number} of a text that is long enough to be recognised\n" for number in range(40))
NAMES = ["posts/F2026/a b.md", "posts/F2026/größe.md", "posts/F2026/日本.md", 'posts/F2026/quo"te.md', "posts/F2026/-n.md", "posts/F2026/new\nline.md"]  # fmt: skip


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "hub")


# --- changed


def test_changes_are_those_of_the_branch_committed_or_not(repository: Repository) -> None:
    for name in ("kept", "edited", "deleted", "edited_on_main", "staged", "unstaged"):
        repository.write(name)
    repository.commit()
    repository.branch("work")
    repository.write("edited", "other\n")
    repository.write("added")
    (repository.root / "deleted").unlink()
    repository.commit()
    repository.checkout("main")
    repository.write("edited_on_main", "other\n")
    repository.write("added_on_main")
    repository.commit()
    repository.checkout("work")
    repository.write("staged", "other\n")
    repository.git("add", "staged")
    repository.write("unstaged", "other\n")
    repository.write("folder/untracked")
    repository.write(".gitignore", "ignored\n")
    repository.write("ignored")
    assert git.changed(repository.root, "main") == {
        *("edited", "added", "deleted", "staged", "unstaged", "folder/untracked", ".gitignore")
    }


def test_a_rename_is_both_of_its_paths(repository: Repository) -> None:
    repository.write("posts/F2026/old.md", LONG)
    repository.commit()
    repository.branch("work")
    repository.git("mv", "posts/F2026/old.md", "posts/F2026/new.md")
    repository.commit()
    assert git.changed(repository.root, "main") == {"posts/F2026/old.md", "posts/F2026/new.md"}


@pytest.mark.parametrize("is_committed", [True, False])
def test_names_come_as_they_are(repository: Repository, is_committed: bool) -> None:
    repository.commit()
    repository.branch("work")
    for name in NAMES:
        repository.write(name)
    if is_committed:
        repository.commit()
    assert git.changed(repository.root, "main") == set(NAMES)


def test_in_a_part_of_a_repository_paths_are_of_that_part(repository: Repository) -> None:
    repository.write("course/posts/F2026/a.md")
    repository.write("other/b.md")
    repository.commit()
    repository.branch("work")
    repository.write("course/posts/F2026/a.md", "other\n")
    repository.write("course/posts/F2026/untracked.md")
    repository.write("other/b.md", "other\n")
    assert git.changed(repository.root / "course", "main") == {"posts/F2026/a.md", "posts/F2026/untracked.md"}


def test_an_unknown_base_is_an_error_in_gits_words(repository: Repository) -> None:
    repository.commit()
    with pytest.raises(git.GitError, match="Not a valid object name origin/main"):
        git.changed(repository.root, "origin/main")


def test_a_base_without_a_common_commit_is_an_error(repository: Repository) -> None:
    repository.commit()
    repository.git("checkout", "-q", "--orphan", "other")
    repository.commit("another beginning")
    with pytest.raises(git.GitError, match=r"main and HEAD have no commit in common$"):
        git.changed(repository.root, "main")


def test_outside_a_repository_git_says_so(tmp_path: Path) -> None:
    with pytest.raises(git.GitError, match="not a git repository"):
        git.changed(tmp_path, "main")


def test_without_git_the_error_says_so(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(git.GitError, match="git is not installed"):
        git.changed(repository.root, "main")


# --- is_repository


def test_a_repository_is_the_top_of_a_work_tree_with_a_commit(repository: Repository, tmp_path: Path) -> None:
    assert not git.is_repository(tmp_path)
    assert not git.is_repository(repository.root)
    repository.write("folder/file")
    repository.commit()
    assert git.is_repository(repository.root)
    assert not git.is_repository(repository.root / "folder")


# --- arrival


def order(repository: Repository, *paths: str, revision: str = "HEAD") -> list[str]:
    ranks = git.arrival(repository.root, paths, revision)
    assert len(set(ranks.values())) == len(ranks)
    return sorted(ranks, key=lambda path: ranks[path])


def test_merged_first_is_first_whatever_the_dates_say(repository: Repository) -> None:
    repository.commit()
    repository.branch("early")
    repository.write("early")
    repository.commit(date="2026-10-01T00:00:00")
    repository.branch("late", "main")
    repository.write("late")
    repository.commit(date="2026-10-31T00:00:00")
    repository.branch("forged", "main")
    repository.write("forged")
    repository.commit(date="1999-01-01T00:00:00")
    repository.merge("late", date="2026-11-03T00:00:00")
    repository.merge("forged", date="1999-01-01T00:00:00")
    repository.merge("early", date="2026-11-02T00:00:00")
    repository.write("direct")
    repository.commit(date="1998-01-01T00:00:00")
    assert order(repository, "direct", "early", "forged", "late") == ["late", "forged", "early", "direct"]


def test_what_a_branch_has_and_main_has_not_is_left_out(repository: Repository) -> None:
    repository.write("old")
    repository.commit()
    repository.branch("work")
    repository.write("new")
    repository.commit()
    repository.write("untracked")
    assert order(repository, "new", "old", "untracked", revision="main") == ["old"]
    assert order(repository, "new", "old", "untracked") == ["old", "new"]


def test_files_of_one_merge_come_together(repository: Repository) -> None:
    repository.commit()
    repository.branch("work")
    repository.write("a")
    repository.commit()
    repository.write("b")
    repository.commit()
    repository.merge("work")
    assert len(set(git.arrival(repository.root, ["a", "b"]).values())) == 1


def test_a_later_edit_changes_no_order(repository: Repository) -> None:
    for name in ("first", "second"):
        repository.write(name)
        repository.commit()
    repository.write("first", "other\n")
    repository.commit()
    assert order(repository, "second", "first") == ["first", "second"]


def test_deleting_a_file_gives_up_its_place(repository: Repository) -> None:
    repository.write("given up")
    repository.commit()
    (repository.root / "given up").unlink()
    repository.commit()
    repository.write("claimed since")
    repository.commit()
    repository.branch("work")
    repository.write("given up")
    repository.commit()
    assert order(repository, "given up", "claimed since", revision="main") == ["claimed since"]
    repository.merge("work")
    assert order(repository, "given up", "claimed since") == ["claimed since", "given up"]


def test_a_renamed_file_comes_when_it_is_renamed(repository: Repository) -> None:
    repository.write("old name", LONG)
    repository.commit()
    repository.write("other")
    repository.commit()
    repository.git("mv", "old name", "new name")
    repository.commit()
    assert order(repository, "old name", "new name", "other") == ["other", "new name"]


def test_the_order_of_odd_names(repository: Repository) -> None:
    for name in NAMES:
        repository.write(name)
        repository.commit()
    assert order(repository, *reversed(NAMES)) == NAMES


def test_no_paths_have_no_order(repository: Repository) -> None:
    repository.write("a")
    repository.commit()
    assert git.arrival(repository.root, []) == {}


def test_an_unknown_revision_is_an_error_in_gits_words(repository: Repository) -> None:
    repository.commit()
    with pytest.raises(git.GitError, match="origin/main"):
        git.arrival(repository.root, ["a"], "origin/main")


# --- the base of a merge


@pytest.fixture
def merge(repository: Repository) -> Repository:
    """A pull request's merge with a main that has moved on since the pull request left it."""
    repository.write("first")
    repository.git("tag", repository.commit() and "old")
    repository.branch("work")
    repository.write("mine")
    repository.commit()
    repository.checkout("main")
    repository.write("others")
    repository.commit()
    repository.git("tag", "newer")
    repository.merge("work")
    return repository


def test_a_merge_is_judged_against_the_side_that_is_not_the_pull_requests(merge: Repository) -> None:
    base = git.base_of_merge(merge.root, "work")
    assert base == git.commit(merge.root, "newer")
    assert git.changed(merge.root, base) == {"mine"}
    assert git.changed(merge.root, "old") == {"mine", "others"}  # which is what the event may name
    assert git.base_of_merge(merge.root, "newer") == git.commit(merge.root, "work")


@pytest.mark.parametrize(
    ("head", "merged", "sentence"),
    [
        ("work", "work", "HEAD has 1 parent here, so it is not the merge of a pull request"),
        ("old", "work", "HEAD has no parents here, so it is not the merge of a pull request"),
        ("main", "old", "HEAD merges .* into .*, and neither is .*: check out the newest merge"),
        ("main", "nowhere", "Needed a single revision"),
    ],
)
def test_what_is_no_merge_of_it_is_refused_in_words(merge: Repository, head: str, merged: str, sentence: str) -> None:
    merge.checkout(head)
    with pytest.raises(git.GitError, match=sentence):
        git.base_of_merge(merge.root, merged)


# --- a shallow clone


def test_a_shallow_clone_dates_only_what_came_after_its_beginning(repository: Repository, tmp_path: Path) -> None:
    for day, name in enumerate(("a", "b", "c"), 1):
        repository.write(name)
        repository.commit(date=f"2026-11-0{day}T12:00:00+00:00")
    clone = tmp_path / "clone"
    repository.git("clone", "--quiet", "--depth=2", repository.root.as_uri(), str(clone))
    assert (git.is_shallow(repository.root), git.is_shallow(clone)) == (False, True)
    assert [date[:10] for date in git.since(repository.root, ["a", "b", "c"]).values()] == [
        "2026-11-01", "2026-11-02", "2026-11-03"
    ]  # fmt: skip
    assert list(git.since(clone, ["a", "b", "c"])) == ["c"]
    Repository(clone).git("fetch", "--quiet", "--unshallow")
    assert git.since(clone, ["a", "b", "c"]) == git.since(repository.root, ["a", "b", "c"])
