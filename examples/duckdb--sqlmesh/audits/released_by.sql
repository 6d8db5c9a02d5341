AUDIT (
  name released_by
);

SELECT
  *
FROM @this_model
WHERE
  released > @day
