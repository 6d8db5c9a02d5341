"""Add the texts that `coursehub init` writes today to the record of those that it ever wrote: `written.py`."""

from coursehub import __version__, starting, workflows
from coursehub.upgrading import written

_COMMIT = f"coursehub @ git+https://github.com/{workflows.PRODUCT}@{starting.PLACEHOLDER}"
PRODUCTS = (
    starting.Product(_COMMIT, starting.PLACEHOLDER),
    starting.Product(_COMMIT, starting.PLACEHOLDER, is_known=False),
    starting.Product("coursehub==0", starting.PLACEHOLDER, is_released=True),
)


def main() -> None:
    """Write the record."""
    written.PATH.write_text(written.write(today(written.read(written.PATH.read_text("utf-8")))), "utf-8")


def today(record: written.Written) -> written.Written:
    """Return the record with the texts of today, too, however a course is pinned."""
    for product in PRODUCTS:
        record = written.extended(record, __version__, starting.product_files(product))
    return record


if __name__ == "__main__":
    main()
