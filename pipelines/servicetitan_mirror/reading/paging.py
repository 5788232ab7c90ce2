"""The pages of one pass over a list or a feed: what is asked, how pages follow each other, where they end.

Some parameters help, though the API's documentation does not promise them (`sort`). A server that answers 400 is asked
without them, which `Task.refused` remembers.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from servicetitan_mirror.api.calls import Calls
from servicetitan_mirror.api.client import Answer, Client
from servicetitan_mirror.api.problems import RefusedParameters
from servicetitan_mirror.clock import UTC, format_instant
from servicetitan_mirror.entities import MOST_IDS
from servicetitan_mirror.errors import BrokenListError, EndpointError
from servicetitan_mirror.reading.proof import Pass
from servicetitan_mirror.reading.task import Task
from servicetitan_mirror.reading.windows import windows

BARREN = 10  # pages one after the other without a new record, after which a list counts as endless
ENDLESS = 100_000  # pages of a list that names no total
BEGINNING = datetime(1, 1, 1, tzinfo=UTC)  # the filter that excludes nothing, year-1 dates included
DEFAULT_PAGE_SIZE = 50  # ServiceTitan's own
SORTS = ("sort", "orderBy", "orderByDirection", "sortBy")


class Fallback(NamedTuple):
    """What a list is read without if the server refuses it: a part of the parameter's name, a note for the user."""

    part: str
    note: str


FALLBACKS = {
    "export": Fallback("from", "read from its list: the feed is refused, so deletions show at the next full sync"),
    "sort": Fallback("sort", "asked unsorted: the server refuses the sort"),
    "modifiedOnOrAfter": Fallback("modified", "asked without modifiedOnOrAfter, which the server refuses"),
    "pageSize": Fallback("pagesize", f"asked for {DEFAULT_PAGE_SIZE} records a page: the server refuses more"),
}


class Paging:
    """Asks for the pages of a task's list; a new pass begins again with the first one."""

    def __init__(self, client: Client, task: Task, calls: Calls) -> None:
        self._client = client
        self._task = task
        self._calls = calls
        self.token: str | None = None  # where the feed goes on after its latest answer

    def pages(self, seen: Pass) -> Iterator[Answer]:
        """The answers in their order. The caller adds each to `seen` before it asks for the next one.

        Raises:
            RefusedParameters: the server calls the request wrong.
            BrokenListError: the list does not end.
            EndpointError: a page cannot be read.
        """
        self._calls.next_page = 1
        if self._task.ids:
            yield from self._by_ids()
            return
        for answer in self._answers(seen):
            yield answer
            if not answer.envelope.hasMore:
                return
            if not self._task.endpoint.is_paged:
                raise BrokenListError(f"{self._task.endpoint.path}: there is more than one answer holds.")
            if not self._task.endpoint.window and (seen.barren >= BARREN or seen.pages >= _longest(seen)):
                raise BrokenListError(f"{self._task.endpoint.path}: the list does not end (page {seen.pages}).")

    def fall_back(self, problem: EndpointError) -> bool:
        """Give up what a first page was refused for; False if there is nothing to give up."""
        task, names = self._task, [name.lower() for name in getattr(problem, "names", ())]
        if task.reads_feed:
            return self._fall_back_from_feed(problem)
        if not isinstance(problem, RefusedParameters):
            return False
        used = [name for name in FALLBACKS if name not in task.refused and self._uses(name)]
        named = [name for name in used if any(FALLBACKS[name].part in each for each in names)]
        left = named or ([] if names else used)
        self._task.refused.update(left[:1])
        return bool(left)

    def _fall_back_from_feed(self, problem: EndpointError) -> bool:
        """Read the list instead; where there is none, begin at a moment, for the token may be what is refused."""
        task = self._task
        if not task.endpoint.is_feed:
            task.refused.add("export")
            return True
        had, task.token = task.token, None
        return isinstance(problem, RefusedParameters) and had is not None

    def notes(self) -> list[str]:
        """What the list is read without, as sentences."""
        refused = self._task.refused - ({"export"} if self._task.is_full else set())
        return [FALLBACKS[name].note for name in sorted(refused)]

    def completed(self) -> None:
        """The list was read to its end. After a full read the feed, which it did not ask, gets another try."""
        if self._task.is_full:
            self._task.refused.discard("export")

    def _uses(self, name: str) -> bool:
        params = self._params(1)
        if name == "sort":
            return any(sort in params for sort in SORTS)
        if name == "pageSize":
            return self._client.page_size > DEFAULT_PAGE_SIZE
        return name in params

    def _answers(self, seen: Pass) -> Iterator[Answer]:
        if self._task.reads_feed:
            return self._feed()
        return self._windows() if self._task.endpoint.window else self._list(seen)

    def _list(self, seen: Pass) -> Iterator[Answer]:
        yield self.page(1)
        yield from self._client.ahead(self.page, seen.last_page, self._calls)

    def page(self, page: int) -> Answer:
        """One page of the list, which has to be the next one or an earlier one. Raises what `pages` does."""
        endpoint = self._task.endpoint
        return self._client.page(endpoint, endpoint.url(self._client.tenant_id), self._params(page), page, self._calls)

    def _by_ids(self) -> Iterator[Answer]:
        """The records that the task names, as far as the list has them, in answers that know nothing of each other."""
        endpoint, ids = self._task.endpoint, self._task.ids
        url, params = endpoint.url(self._client.tenant_id), {"page": "1", "pageSize": str(MOST_IDS), **endpoint.params}
        for number, first in enumerate(range(0, len(ids), MOST_IDS), 1):
            self._calls.next_page = number
            named = {"ids": ",".join(map(str, ids[first : first + MOST_IDS]))}
            yield self._client.page(endpoint, url, params | named, number, self._calls)

    def _feed(self) -> Iterator[Answer]:
        """What changed since the task's instant: each answer names the place where the next one begins."""
        task, endpoint, page = self._task, self._task.endpoint, 0
        place = task.token or (format_instant(task.since) if task.since else None)
        url = endpoint.feed_url(self._client.tenant_id)
        while True:
            self._calls.next_page = page = page + 1
            params = {**endpoint.params, **({"from": place} if place else {}), "includeRecentChanges": "true"}
            answer = self._client.page(endpoint, url, params, page, self._calls)
            token = answer.envelope.continueFrom
            self.token = token if isinstance(token, str) and token else None
            yield answer
            if not self.token or self.token == place:
                raise BrokenListError(f"{endpoint.feed}: there is more, but not where (batch {page}).")
            place = self.token

    def _windows(self) -> Iterator[Answer]:
        """The pages of one range of time after the other, as those of one list: its total is that of all before too."""
        known, number, ranges = 0, 0, [*windows(self._task.since, datetime.now(UTC))]
        for place, span in enumerate(ranges, 1):
            page = total = 0
            has_more = True
            while has_more:
                page, number = page + 1, number + 1
                answer = self._page_of(span, page, number)
                has_more, total = answer.envelope.hasMore, answer.envelope.total or 0
                answer.envelope.totalCount, answer.envelope.hasMore = known + total, has_more or place < len(ranges)
                yield answer
            known += total

    def _page_of(self, span: tuple[datetime, datetime], page: int, number: int) -> Answer:
        endpoint = self._task.endpoint
        named = dict(zip(endpoint.window or (), map(format_instant, span), strict=True))
        url, params = endpoint.url(self._client.tenant_id), self._params(page) | named
        self._calls.next_page = number
        return self._client.page(endpoint, url, params, number, self._calls)

    def _params(self, page: int) -> dict[str, str]:
        endpoint, refused = self._task.endpoint, self._task.refused
        if not endpoint.is_paged:
            return {**endpoint.params}
        size = DEFAULT_PAGE_SIZE if "pageSize" in refused else self._client.page_size
        params = {"page": str(page), "pageSize": str(min(size, endpoint.largest_page or size)), **endpoint.params}
        if "sort" in refused:
            params = {name: value for name, value in params.items() if name not in SORTS}
        if endpoint.has_total:
            params["includeTotal"] = "true"
        if not endpoint.dated:
            return params
        since = self._task.since or (BEGINNING if endpoint.needs_filter else None)
        if since and "modifiedOnOrAfter" not in refused:
            params["modifiedOnOrAfter"] = format_instant(since)
        elif endpoint.needs_filter:
            params["modifiedBefore"] = format_instant(datetime.now(UTC) + timedelta(days=1))
        return params


def _longest(seen: Pass) -> int:
    """The number of pages after which a list counts as endless: twice what its total promises, and some for growth."""
    return ENDLESS if seen.total is None else 2 * seen.last_page() + 100
