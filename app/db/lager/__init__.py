"""The repositories: one file per thing that is kept, with what a row of it is to the rest of the service."""
