"""From a cold start against the sandbox: everything joined, nothing mocked."""
