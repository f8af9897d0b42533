"""From a sak to a calculator's request, and what is said about it. Pure: no database, no HTTP, no clock.

In the order they are used: ``rader`` and ``innhold`` (the document and its checks), ``husstand`` (who counts on
a day), ``inndata`` (the request), ``doegnregister`` (the days of the year), ``varsler`` and ``endringer``.
"""
