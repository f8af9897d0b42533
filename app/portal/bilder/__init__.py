"""What stored results look like to the templates: read, grouped and named, never calculated anew. Pure."""
