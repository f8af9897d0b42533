"""Event feeds. Reading the lists is in ``app.skatt_client``; following them belongs here."""
