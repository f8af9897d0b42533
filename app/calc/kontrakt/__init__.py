"""The JSON contract of the calculators: reading, writing and describing it, from one declaration.

The dataclasses in ``langtidsopphold``, ``praktisk_bistand`` and ``etteroppgjoer`` are the only place
a field is named. The reader, the writer and the OpenAPI schema are all derived from them.
"""
