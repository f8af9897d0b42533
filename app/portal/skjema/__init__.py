"""Forms that are filled in as text and read with the contract's own readers: no rule is written twice."""
