"""The regulation's rules, one file per paragraph. Number literals other than 0 and 1 are banned here."""
