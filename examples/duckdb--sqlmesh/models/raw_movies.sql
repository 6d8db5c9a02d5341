MODEL (
  name raw.movies,
  kind FULL
);

/* A few titles are numbers in the file, so that DuckDB reads the column as JSON. */
SELECT
  title ->> '$' AS title,
  release_date::TEXT AS release_date,
  imdb_rating::DOUBLE AS imdb_rating,
  imdb_votes::INT AS imdb_votes
FROM READ_JSON('data/movies.json')
