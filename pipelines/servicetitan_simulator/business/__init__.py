"""The made-up business: its history, call by call."""
