"""Check the movie table against the contract, repair it, and check the next delivery of the table."""

import json
import warnings
from importlib.metadata import version
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
from schema import LAST_DAY, RATING, Movies, RepairedMovies, SurvivingMovies, shares_rating

HERE = Path(__file__).parent


def load(delivery: str) -> pd.DataFrame:
    """Read one delivery of the table, with its dates as dates where it calls them Release_Date."""
    films = pd.DataFrame(json.loads((HERE / "data" / delivery / "movies.json").read_text("utf-8")))
    if "Release_Date" in films:
        films["Release_Date"] = pd.to_datetime(films["Release_Date"], format="%b %d %Y")
    return films


def failures(schema: type[Movies], films: pd.DataFrame) -> pd.DataFrame:
    """List every breach of the contract, one row a value (or a column that is not there)."""
    try:
        schema.validate(films, lazy=True)
    except pa.errors.SchemaErrors as errors:
        return errors.failure_cases
    return pd.DataFrame(columns=["schema_context", "column", "check", "failure_case", "index"])


def repaired(films: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Repair the table; also tell what Pandera warned about on the way."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        good = RepairedMovies.validate(films, lazy=True)
    return good, [str(warning.message).split(" failure cases")[0] for warning in caught]


def newest(films: pd.DataFrame, count: int = 10) -> pd.DataFrame:
    """The shelf "New on our service"."""
    return films.nlargest(count, "Release_Date")[["Title", "Release_Date"]]


def first_delivery(films: pd.DataFrame) -> str:
    """Report what is wrong with the table, and what is left after dropping rows, or repairing cells."""
    found = failures(Movies, films)
    per_rule = found.groupby("check")["index"].nunique().rename("films")
    broken = films.loc[sorted(set(found["index"]))]
    twins = films[shares_rating(films)].sort_values([*RATING, "Title"])
    same_title = twins["Title"].duplicated(keep=False).sum()
    mojibake = sum(is_mojibake(title) for title in found[found["check"] == "title_is_plain"]["failure_case"])
    survivors = SurvivingMovies.validate(films, lazy=True)
    good, warned = repaired(films)
    moved = films.loc[films["Release_Date"] > LAST_DAY, "Release_Date"] - pd.DateOffset(years=100)
    dates = films["Release_Date"].dt
    year_end = (dates.month == 12) & (dates.day == 31)
    old = dates.year < 1980
    famous = broken.nlargest(8, "IMDB_Votes")[["Title", "IMDB_Votes"]]
    return "\n".join(
        [
            f"{len(films)} films delivered, {len(broken)} break at least one rule",
            f"{len(found)} lines in Pandera's list of failures, for these films:",
            table(per_rule.reset_index()),
            f"\nTitles with unusual characters that turn readable as Mac Roman -> Windows-1252: {mojibake}",
            f"Films that share rating and votes: {len(twins)}, {same_title} of them also the title",
            table(twins[["Title", "Release_Date", *RATING, "Rotten_Tomatoes_Rating"]]),
            f"\n{len(moved)} future dates become dates from {moved.min():%Y} to {moved.max():%Y}",
            f"Dated 31 December: {year_end.sum()} films, {(year_end & old).sum()} of the {old.sum()} before 1980",
            table(films.loc[films["Title"] == "Rebecca", ["Title", "Release_Date"]]),
            f"\nDropping every film that breaks a rule keeps {len(survivors)}.",
            "The most voted films that it would drop:",
            table(famous),
            f"\nRepairing cells first keeps {len(good)}; warnings: {warned}",
            table(good.isna().sum().rename_axis("column").reset_index(name="empty after repair")),
            '\nShelf "New on our service", as delivered:',
            table(newest(films)),
            "\nThe same shelf after the repair:",
            table(newest(good)),
        ]
    )


def cells(films: pd.DataFrame) -> str:
    """List the cells that break a rule about a column, as CSV."""
    found = failures(Movies, films)
    found = found[found["schema_context"] == "Column"]
    about = films.loc[found["index"], ["Title", "Release_Date"]].set_axis(found.index)
    listed = found[["check", "column", "failure_case", "index"]].join(about)
    return listed.sort_values(["check", "index"]).to_csv(index=False, lineterminator="\n")


def next_delivery(films: pd.DataFrame) -> str:
    """Report what the contract says about a table whose columns have other names."""
    found = failures(Movies, films)
    absent = found[found["check"] == "column_in_dataframe"]["failure_case"]
    return "\n".join(
        [
            f"{len(films)} films delivered, with these columns:",
            ", ".join(films.columns),
            "\nThe contract reports these columns as missing:",
            *sorted(absent),
            "\nThe contract with repairs reports:",
            refusal(films),
        ]
    )


def refusal(films: pd.DataFrame) -> str:
    """The error with which the repairing contract meets a table."""
    try:
        repaired(films)
    except Exception as error:  # its kind is what we want to know
        return f"{type(error).__name__}: {error}"
    return "nothing"


def is_mojibake(title: str) -> bool:
    """Tell whether a title changes when its bytes are read with the other character set."""
    try:
        return title.encode("mac_roman").decode("cp1252") != title
    except UnicodeError:
        return False


def table(rows: pd.DataFrame) -> str:
    return rows.to_string(index=False)


def versions() -> str:
    """The first line of a report: what it was made with."""
    return ", ".join(f"{name} {version(name)}" for name in ("pandera", "pandas"))


if __name__ == "__main__":
    (HERE / "output" / "cells.csv").write_text(cells(load("first")), "utf-8")
    for name, report in ("first", first_delivery), ("next", next_delivery):
        (HERE / "output" / f"{name}.txt").write_text(f"{versions()}\n\n{report(load(name))}\n", "utf-8")
