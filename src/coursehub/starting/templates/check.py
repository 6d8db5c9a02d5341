"""Before a build, every post and data file is checked: an error stops `mkdocs build --strict`."""

from mkdocs_coursehub.check import on_pre_build, on_startup

__all__ = ["on_pre_build", "on_startup"]
