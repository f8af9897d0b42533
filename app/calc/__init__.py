"""Regelkjernen: forskrift om egenandel som daterte satser og rene funksjoner.

Importerer bare standardbiblioteket. Ingen klokke, ingen inn- og utlesing mot omverdenen ut over
satsfilene som ligger i pakken.
"""
