"""The income basis in the form of KS Fiks' calculation API: its requests, its answers, our look-up and our rules.

Pure translation but for ``beregning``, which looks up, has the look-up recorded, and answers.
"""
