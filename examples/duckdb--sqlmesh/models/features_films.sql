MODEL (
  name features.films,
  kind FULL,
  grain (title, released)
);

/* The fewer votes a film has, the closer its score is to the mean of all films. */
SELECT
  title,
  released,
  YEAR(released) // 10 * 10 AS decade,
  (
    votes * rating + 25000 * AVG(rating) OVER ()
  ) / (
    votes + 25000
  ) AS score
FROM staging.films
WHERE
  NOT rating IS NULL
