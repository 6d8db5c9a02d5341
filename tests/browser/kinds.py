"""One page of every kind, by its address on the site `kinds` (tests/sites.py)."""

KINDS = {
    "home": "",
    "posts": "posts/",
    "post": "posts/F2026/showcaserium/",
    "external post": "posts/F2026/elsewherium/",
    "video post": "posts/F2026/filmium/",
    "semester": "posts/F2026/",
    "catalog": "catalog/",
    "tools": "tools/",
    "tool": "tools/mlflow/",
    "topic": "topics/testing/",
    "author": "authors/bob-example/",
    "claims": "claims/",
    "statistics": "statistics/",
    "needs a comment": "needs-comment/",
    "earlier posts, judged again": "numbers/",
    "how fast it is": "speed/",
    "rules": "rules/",
    "Markdown by example": "markdown/",
    "text": "assignment/",
    "not found": "404.html",
}
