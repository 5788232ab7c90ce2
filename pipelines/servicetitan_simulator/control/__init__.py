"""The control path: what a test or a demo does to the business and to the server."""
