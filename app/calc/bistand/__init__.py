"""The parts of the practical-help calculator; ``app.calc.praktisk_bistand`` puts them together.

In the order they are used: ``husstand`` (whose income counts, and the step it gives), ``linjer`` (what each
service costs) and ``maaneder`` (what each month costs under the cap).
"""
