"""Skatteetaten's event lists: from what they say to what is kept, on whose behalf they are read, and how it goes."""
