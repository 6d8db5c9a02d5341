"""All that is read from GitHub and written to it: `door` sends the requests, `queries/` has them in GraphQL."""
