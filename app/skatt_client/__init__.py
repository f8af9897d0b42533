"""Client library for Skatteetaten and Maskinporten; imports nothing of the rest of the app."""
