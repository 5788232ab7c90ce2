"""The API: a call from path to answer."""
