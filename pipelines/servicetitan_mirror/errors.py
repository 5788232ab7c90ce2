"""What can go wrong, and how far it reaches.

    MirrorError                  message for the user: what happened and what to do
    ├── ConfigurationError       nothing can work before it is mended (exit code 2)
    ├── LockedError              another sync is running (exit code 3)
    ├── TransformError           dbt failed; what landed stays, the next run builds it (exit code 1)
    └── EndpointError            one list fails alone, the others go on (exit code 1)
        ├── RefusedError         401 or the tenant's 404: a setting is wrong (exit code 2 when all lists say so)
        └── BrokenListError      the answers make no sense: envelope, paging or count
    Stopped                      the sync was asked to end: no error, and nobody's fault

No message carries a record, an answer's body or a secret.
"""

from __future__ import annotations

from collections.abc import Iterator


def causes(error: BaseException, suppressed: bool = False) -> Iterator[BaseException]:
    """The error and what it was raised for, the innermost last; with `suppressed` also what `from None` hides."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link and id(link) not in seen:
        seen.add(id(link))
        yield link
        hidden = link.__suppress_context__ and not suppressed
        link = link.__cause__ or (None if hidden else link.__context__)


class Stopped(Exception):
    """The sync was asked to end."""


class MirrorError(Exception):
    """Base of all errors whose message is meant for the user."""


class ConfigurationError(MirrorError):
    """A setting is missing or wrong."""


class LockedError(MirrorError):
    """Another sync of the same tenant into the same database is running."""


class TransformError(MirrorError):
    """dbt could not build a model."""


class EndpointError(MirrorError):
    """One list cannot be read."""


class RefusedError(EndpointError):
    """ServiceTitan does not know the app or the tenant."""


class BrokenListError(EndpointError):
    """The list's answers contradict themselves or the API's documentation."""
