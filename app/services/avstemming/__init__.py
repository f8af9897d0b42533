"""Avstemming: proof, each night and for each kommune, that cursor, inbox, work, snapshots and cases agree."""
