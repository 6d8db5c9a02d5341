"""Settings in the repository's own files: data/course.yaml and mkdocs.yml."""

from coursehub.doctor.checkout import Checkout
from coursehub.doctor.question import without_request
from coursehub.doctor.repository import Repository
from coursehub.doctor.setting import Setting, quoted
from coursehub.text.wording import with_and

PLACEHOLDER = "coursehub-staff"  # the owner and staff in the template, to be replaced by a course's own


def _placeholders(repository: Repository, checkout: Checkout) -> str | None:
    if repository.full_name.partition("/")[0].lower() == PLACEHOLDER:
        return None
    places = ["“staff” in data/course.yaml"] if checkout.course.is_staff(PLACEHOLDER) else []
    places += ["site_url in mkdocs.yml"] if PLACEHOLDER in checkout.site_url else []
    return f"“{PLACEHOLDER}” is still in {with_and(places)}" if places else None


def _other_repository(repository: Repository, checkout: Checkout) -> str | None:
    is_own = checkout.repo_url.rstrip("/").removesuffix(".git").lower() == repository.html_url.lower()
    return None if is_own else f"repo_url is “{checkout.repo_url}”"


def _no_deadlines(repository: Repository, checkout: Checkout) -> str | None:
    semester = checkout.course.semesters[checkout.course.order[checkout.course.open_semester]]
    absent = [name for name in ("claims_open", "post_due", "comments_due") if getattr(semester, name) is None]
    return f"{semester.id} has no {quoted(absent)}" if absent else None


QUESTIONS = (
    without_request(
        (
            Setting(
                "placeholders",
                "the template's names are replaced",
                "staff have no rights otherwise, and the site's own links lead elsewhere",
                "Write your own into the files; docs/course-files.md explains them.",
                "",
                _placeholders,
            ),
            Setting(
                "repo-url",
                "repo_url in mkdocs.yml is this repository",
                "“Claim it on GitHub” leads there where you build the site yourself",
                'Write into mkdocs.yml: repo_url: !ENV [COURSEHUB_REPO_URL, "{home}"]',
                "",
                _other_repository,
            ),
            Setting(
                "deadlines",
                "the open semester has its deadlines",
                "the home page shows them, and late claims are judged by them",
                "Add them to the semester in data/course.yaml, such as: post_due: 2026-12-04 23:59",
                "",
                _no_deadlines,
            ),
        )
    ),
)
