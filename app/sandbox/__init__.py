"""Sandkassen: programs of their own that play the outside systems, more strictly than reality.

One folder per outside system (``maskinporten``, ``skatteetaten``, ``innlogging``), one for the people they
know (``befolkning``) and one for the levers (``kontroll``). A new system is a new folder with an ASGI program
and one line in ``sandkasse.Sandkasse.programmer``.

The sandbox imports nothing of the rest of the app: it was written from the outside systems'
documentation, so that a misreading in the app is not repeated here.
"""
