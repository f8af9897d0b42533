"""KS Fiks' calculation API, over the sandbox and over made-up look-ups."""
