"""Yearly and mass work: every case of a kommune calculated again when a rate, a rule or a price is new.

``slag`` (what can be run), ``regning`` (the calculation itself, pure, in other processes), ``tilpasning`` (what a new
setup changes in a kept request), ``portion`` (a stretch of cases judged), then ``bestilling`` (ordered and shown) and
``gang`` with ``toerr``, ``kjoer`` and ``angre`` (carried out, a portion and a transaction at a time).
"""
