MODEL (
  name staging.films,
  kind FULL,
  grain (title, released),
  audits (
    NOT_NULL(columns := (title, released)),
    UNIQUE_COMBINATION_OF_COLUMNS(columns := (title, released))
  )
);

SELECT
  title,
  STRPTIME(release_date, '%b %d %Y')::DATE AS released,
  imdb_rating AS rating,
  imdb_votes AS votes
FROM raw.movies
WHERE
  NOT title IS NULL
