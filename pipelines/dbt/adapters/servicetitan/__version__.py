"""The version, as dbt asks an adapter for it."""

from servicetitan_mirror import __version__ as version

__all__ = ["version"]
