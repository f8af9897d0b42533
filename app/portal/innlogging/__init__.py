"""Login by OpenID Connect: who may vouch for a user, what they must say, and what it makes of the user here."""
