"""HTTP: routes, problem details and the OpenAPI description. The only place that knows about HTTP."""
