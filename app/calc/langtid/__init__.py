"""The parts of the long-stay calculator; ``app.calc.langtidsopphold`` puts them together.

In the order they are used: ``grunnlag`` and ``fradrag`` (what is charged from), ``aarssats`` (what a year
costs), ``perioder`` (which days are charged how), ``maaneder`` (what each month costs) and ``varsler``.
``valg`` is what the kommune may have chosen for all of them.
"""
