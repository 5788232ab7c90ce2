"""ServiceTitan's specification, distilled: every list and export feed of its API, as of May 2026.

    listing("crm/v2/tenant/{tenant}/customers").fields["balance"] -> Field(type="decimal", nullable=False)

listing      what is committed, read when it is asked for
distil       a folder of OpenAPI documents -> listings
schemas      a row's schema -> its fields, by path
files        lists/, a JSON file an API module, a line a list
changes      what a newer folder changes

A list is a GET path with no parameter but the tenant, whose answer holds many rows. Its kind says how it is read:
"list" by pages, "feed" by continuation tokens, "bare" by one call whose answer has nothing but `data`.
`python -m servicetitan_specification FOLDER` prints what differs between a folder of OpenAPI documents and what is
committed; with --write the folder's becomes what is committed.
"""

from .listing import Field, Listing, Parameter, listing, listings

__all__ = ["Field", "Listing", "Parameter", "listing", "listings"]
