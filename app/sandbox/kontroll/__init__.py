"""The levers: change people, publish events, order failures, read measurements. Loopback only."""
