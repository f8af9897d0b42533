"""The case API: what a journal system calls and the portal builds on. One file per kind of thing."""
