"""Letters: what was decided and how the sum came about, as PDF/A-2a and PDF/UA-1 in bokmål or nynorsk.

Every amount is read from what is stored with the calculation; nothing is computed here. Words stand in ``maler``.
"""
