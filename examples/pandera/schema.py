"""What a row of the movie table should be, and how to repair a row that is not."""

import pandas as pd
import pandera.pandas as pa
from pandera.typing.pandas import Series

# The table stops at the end of 2011; the next release date in it is in 2015, and belongs to a silent film.
LAST_DAY = pd.Timestamp("2011-12-31")
# Computers count time from 1 January 1970, so "no date" often turns into the evening before, in America.
NO_DATE = pd.Timestamp("1969-12-31")
MPAA = ["G", "PG", "PG-13", "R", "NC-17", "Not Rated"]
RATING = ["IMDB_Rating", "IMDB_Votes"]


def shares_rating(films: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which films have the same rating from the same number of votes as another film."""
    return films.duplicated(RATING, keep=False) & films["IMDB_Votes"].notna()


class Movies(pa.DataFrameModel):
    """The contract between whoever delivers the table and whoever trains on it."""

    Title: str
    Release_Date: pd.Timestamp = pa.Field(le=LAST_DAY)
    MPAA_Rating: str = pa.Field(isin=MPAA, nullable=True)
    IMDB_Rating: float = pa.Field(ge=1, le=10, nullable=True)
    IMDB_Votes: float = pa.Field(gt=0, nullable=True)
    Rotten_Tomatoes_Rating: float = pa.Field(ge=0, le=100, nullable=True)

    @pa.check("Release_Date")
    @classmethod
    def date_is_known(cls, dates: Series[pd.Timestamp]) -> Series[bool]:
        """The last day of 1969 stands for "no date"."""
        return dates != NO_DATE

    @pa.check("Title")
    @classmethod
    def title_is_plain(cls, titles: Series[str]) -> Series[bool]:
        """Unusual characters are mostly accents that were read with the wrong character set."""
        return titles.str.fullmatch("[ -~]*")

    @pa.dataframe_check
    @classmethod
    def rating_is_its_own(cls, films: pd.DataFrame) -> Series[bool]:
        """Two films do not have the same rating from the same number of votes."""
        return ~shares_rating(films)


class SurvivingMovies(Movies):
    """The same contract; a row that breaks it is dropped."""

    class Config:
        drop_invalid_rows = True


class RepairedMovies(Movies):
    """The same contract, after repairing cells; a row that still breaks it is dropped."""

    class Config:
        coerce = True
        strict = "filter"
        drop_invalid_rows = True

    @pa.check("Title", raise_warning=True)
    @classmethod
    def title_is_plain(cls, titles: Series[str]) -> Series[bool]:
        """Only a person can tell "Alien³" from "LÈon", so this one warns."""
        return titles.str.fullmatch("[ -~]*")

    @pa.parser("Release_Date")
    @classmethod
    def right_century(cls, dates: Series[pd.Timestamp]) -> Series[pd.Timestamp]:
        """Move future films back by a century, and forget dates that were never known."""
        return dates.where(dates <= LAST_DAY, dates - pd.DateOffset(years=100)).mask(dates == NO_DATE)

    @pa.parser("MPAA_Rating")
    @classmethod
    def known_mpaa(cls, ratings: Series[str]) -> Series[str]:
        """Forget ratings that the rating board does not give."""
        return ratings.where(ratings.isin(MPAA))

    @pa.dataframe_parser
    @classmethod
    def no_shared_ratings(cls, films: pd.DataFrame) -> pd.DataFrame:
        """Forget a rating that two films claim: nobody can say whose it is."""
        return films.assign(**{name: films[name].mask(shares_rating(films)) for name in RATING})
