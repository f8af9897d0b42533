"""What every page has in common: who is logged in, the language, the templates, the headers, and what goes wrong."""
