"""Records that several GraphQL queries share."""

import msgspec


class PageInfo(msgspec.Struct, rename="camel"):
    """Whether a list goes on, and where."""

    has_next_page: bool
    end_cursor: str | None = None


class Author(msgspec.Struct):
    """The author of something; a query gives null in its place where the account was deleted."""

    kind: str = msgspec.field(name="__typename")
    login: str

    @property
    def is_bot(self) -> bool:
        """Whether the account is an app's and no person's."""
        return self.kind == "Bot"

    @property
    def name(self) -> str:
        """The login as GitHub's pages and REST write it."""
        return f"{self.login}[bot]" if self.is_bot else self.login


class Account(Author, rename="camel"):
    """An author with the account's number, which stays when the login changes; None for what is no person."""

    database_id: int | None = None
