MODEL (
  name shelves.best_of_decade,
  kind FULL,
  grain (decade, place)
);

SELECT
  decade,
  ROW_NUMBER() OVER (PARTITION BY decade ORDER BY score DESC, title)::INT AS place,
  title,
  ROUND(score, 2) AS score
FROM features.films
QUALIFY
  place <= 5
