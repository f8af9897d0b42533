"""The caseworker's pages: rendered here, enhanced by htmx where there is JavaScript, whole without it."""
