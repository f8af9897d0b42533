"""Use cases: the only place that joins settings, the client library and the rules."""
