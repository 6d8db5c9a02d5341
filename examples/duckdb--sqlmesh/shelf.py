"""Read a shelf as the site would, with DuckDB alone: shelf.py DATABASE SCHEMA CSV."""

import sys

import duckdb


def main(database: str, schema: str, target: str) -> None:
    with duckdb.connect(database, read_only=True) as connection:
        connection.sql(f"FROM {schema}.best_of_decade ORDER BY ALL").write_csv(target)


if __name__ == "__main__":
    main(*sys.argv[1:])
