"""The catalogue: what each tax post and income code means under the regulation, and the sums that follow.

``skatteposter.csv`` has one row per technical name and span of income years, ``inntektskoder.csv`` one per
code of a-ordningen; each row points at a ruling (reason and citation) in ``avgjoerelser_3.toml`` and
``avgjoerelser_10.toml``. Nothing is ever summed by Skatteetaten's ``kategori``, and nothing is dropped: a
post is counted, shown, named as ignored with the reason, or handed to the caseworker.
"""
