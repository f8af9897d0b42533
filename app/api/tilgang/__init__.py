"""Access to our API: who calls, for which kommune, and whether the route is theirs to use."""
