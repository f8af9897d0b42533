"""Those who vouch for others: Maskinporten for systems, and the login providers for people."""
