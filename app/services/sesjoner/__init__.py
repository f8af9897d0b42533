"""Sessions of the portal's users, kept on our side."""
