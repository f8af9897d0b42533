"""Webhooks: who is told what, and the telling."""
