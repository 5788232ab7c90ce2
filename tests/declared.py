"""How our declarations compare with the specification: `python tests/declared.py > docs/lists.md` writes the table."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "pipelines"))

from servicetitan_mirror.entities import ENTITIES, Endpoint
from servicetitan_mirror.entities.left_out import LEFT_OUT, OTHERWISE
from servicetitan_specification import Listing, listings

ACTIVITY = ("active", "activeState", "activeOnly", "includeInactive")
GIVEN = ("page", "pageSize", "includeTotal")  # with every call that has pages
HEAD = """# The lists of ServiceTitan's API

Every list of the specification of May 2026 that needs no more than the tenant, and how it is read: {count}.
Which of them are read is the setting `entities` (README.md, "More lists"). Written by
`python tests/declared.py > docs/lists.md`; a test compares it with the declarations in
`pipelines/servicetitan_mirror/entities` and with `pipelines/servicetitan_specification`.

`changes` are asked for by `modifiedOnOrAfter`; a feed goes on where its token says; `whole` lists have no filter and
are read anew. A feed beside a list has the same records: it shows which contacts were deleted, and is not read
otherwise.

| path | as | how it is read |
|---|---|---|
"""


def table() -> str:
    """The text of docs/lists.md: each list of the specification, once."""
    known, ours = listings(), {each.specified: (entity.name, each) for entity in ENTITIES for each in entity.endpoints}
    rows = [f"| `{path}` | {' | '.join(_row(path, each, ours))} |" for path, each in known.items()]
    kinds = Counter(each.kind for each in known.values())
    count = f"{kinds['list']} lists, {kinds['feed']} export feeds and {kinds['bare']} answers without pages"
    return HEAD.format(count=count) + "\n".join(rows) + "\n"


def _row(path: str, listing: Listing, ours: dict[str, tuple[str, Endpoint]]) -> tuple[str, str]:
    if path in ours:
        name, endpoint = ours[path]
        owner = f" ({endpoint.owner})" if endpoint.owner else ""
        because = [OTHERWISE[path]] if path in OTHERWISE else []
        return f"`{name}`{owner}", "; ".join([endpoint.kind, *deviations(endpoint, listing), *because])
    if path in LEFT_OUT:
        return "not read", LEFT_OUT[path]
    beside = path.replace("/export/", "/", 1)
    if beside in BESIDE:
        beside = BESIDE[beside]
    if listing.kind == "feed" and beside in ours:
        name, endpoint = ours[beside]
        return f"`{name}`", "feed of deletions" if endpoint.feed else "feed beside the list"
    return "missing", "neither declared nor left out"


BESIDE = {
    "accounting/v2/tenant/{tenant}/inventory-bills": "accounting/v2/tenant/{tenant}/inventory-bills/paginated",
}


def deviations(endpoint: Endpoint, listing: Listing) -> Iterator[str]:
    """Where a declaration says otherwise than the specification, each as a sentence."""
    asked = listing.parameters
    facts = {
        "dated": (endpoint.dated, "modifiedOnOrAfter" in asked),
        "has_total": (endpoint.has_total, "includeTotal" in asked),
        "is_paged": (endpoint.is_paged or endpoint.is_feed, "page" in asked or listing.kind == "feed"),
        "has_ids": (endpoint.has_ids, "ids" in asked and not endpoint.told_by),
        "scope": (endpoint.scope, listing.scope),
        "told_by": (bool(endpoint.told_by), listing.fields.get("id") is None or "int" not in listing.fields["id"].type),
    }
    for name, (declared, specified) in facts.items():
        if declared != specified:
            yield f"declared with {name} {declared}, specified {specified}"
    yield from (f"its {name} is not used" for name in ACTIVITY if name in asked and name not in endpoint.params)
    sorts = {name.lower() for name in listing.sort}
    if sorts and ("id" in sorts) != _sorts(endpoint):
        yield f"is sorted by Id {_sorts(endpoint)}, can be {'id' in sorts}"
    given = {*endpoint.params, *(endpoint.window or ()), *GIVEN}
    yield from (f"needs {name}" for name, each in asked.items() if each.required and name not in given)
    yield from (f"has no {name}" for name in endpoint.params if name not in asked)


def _sorts(endpoint: Endpoint) -> bool:
    return any(name in endpoint.params for name in ("sort", "orderBy", "sortBy"))


if __name__ == "__main__":
    sys.stdout.write(table())
