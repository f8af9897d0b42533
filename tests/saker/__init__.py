"""The case API as its users meet it: the real service, the sandbox behind it, and a database of each kind."""
