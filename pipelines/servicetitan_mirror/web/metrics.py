"""What was seen, for Prometheus.

Gauges say how the mirror stands. Counters count the parts of runs that have ended since this process began to look, so
they begin at 0 with it, as Prometheus expects, and do not fall when the sync log forgets old runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Summary, disable_created_metrics, generate_latest
from prometheus_client import Counter as Counting
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from servicetitan_mirror.operation.activity import Ended
from servicetitan_mirror.operation.health import KINDS
from servicetitan_mirror.operation.states import TableState
from servicetitan_mirror.web.watch import LATE, Answer, Seen, Tenant

PREFIX = "servicetitan_"
OF_MODULES = ("tenant", "module")
GAUGES = {  # of a table, by the attributes of its state
    "age_seconds": ("table_age_seconds", "Seconds since which the table may have missed a change."),
    "rows": ("table_rows", "Rows that are not marked as deleted."),
    "deleted": ("table_deleted_rows", "Rows that are marked as deleted."),
    "pending_loads": ("table_pending_loads", "Loads that landed and are not built."),
    "open_failures": ("table_open_failures", "Values that could not be converted and were not mended since."),
    "rejected_records": ("table_rejected_records", "Records that could not land and did not since."),
}


class Metrics:
    """All metrics of one process."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # as many series again: when the process began
        self._registry = CollectorRegistry()
        records = (f"{PREFIX}records", "Records of the runs that ended, by what became of them.", (*OF_MODULES, "what"))
        self._records = Counting(*records, registry=self._registry)
        self._calls = Counting(f"{PREFIX}calls", "Calls of ServiceTitan's API.", OF_MODULES, registry=self._registry)
        throttled = (f"{PREFIX}throttled_calls", "Calls that were answered with 429.", OF_MODULES)
        self._throttled = Counting(*throttled, registry=self._registry)
        ended = (f"{PREFIX}modules", "Parts of runs that ended, by how.", (*OF_MODULES, "status"))
        self._ended = Counting(*ended, registry=self._registry)
        seconds = (f"{PREFIX}module_seconds", "Seconds from a module's start until it could be queried.", OF_MODULES)
        self._seconds = Summary(*seconds, registry=self._registry)
        self._counted: dict[str, Ended] = {}

    def count(self, seen: Seen) -> None:
        """Count what has ended since the last time. Called by one thread at a time."""
        for ended in seen.ended:
            if ended.id not in self._counted:
                self._count(ended)
        kept = [*self._counted.values(), *seen.ended]
        self._counted = {ended.id: ended for ended in kept if ended.completed_at > seen.at - 2 * LATE}

    def text(self, answer: Answer) -> bytes:
        """Everything, in Prometheus' text format; where nothing can be seen, no gauges but `servicetitan_up`."""
        registry = CollectorRegistry()
        registry.register(_Gauges(answer))
        return generate_latest(registry) + generate_latest(self._registry)

    def _count(self, ended: Ended) -> None:
        labels = (str(ended.tenant_id), ended.module)
        for what, count in ended.records.items():
            self._records.labels(*labels, what).inc(count)
        self._calls.labels(*labels).inc(ended.api_calls)
        self._throttled.labels(*labels).inc(ended.throttled_calls)
        self._ended.labels(*labels, ended.status).inc()
        self._seconds.labels(*labels).observe(ended.seconds)


class _Gauges(Collector):
    """How the mirror stands, as one answer has it."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    def collect(self) -> Iterator[Metric]:
        """The gauges."""
        seen = None if self._answer.trouble else self._answer.seen
        yield GaugeMetricFamily(f"{PREFIX}up", "Whether the database could be looked at.", float(seen is not None))
        if seen:
            yield from _of_tables(seen.tenants)
            yield _conditions(seen.tenants)
            yield _running(seen.tenants)


def _of_tables(tenants: list[Tenant]) -> Iterator[Metric]:
    for attribute, (name, help_text) in GAUGES.items():
        gauge = GaugeMetricFamily(f"{PREFIX}{name}", help_text, labels=("tenant", "table"))
        for tenant in tenants:
            for table in tenant.state.tables:
                _add(gauge, tenant, table, attribute)
        yield gauge


def _add(gauge: GaugeMetricFamily, tenant: Tenant, table: TableState, attribute: str) -> None:
    value = getattr(table, attribute)
    if value is not None:
        gauge.add_metric((str(tenant.state.tenant_id), table.table), value)


def _conditions(tenants: list[Tenant]) -> Metric:
    gauge = GaugeMetricFamily(f"{PREFIX}conditions", "What is wrong, by kind.", labels=("tenant", "kind"))
    for tenant in tenants:
        kinds = Counter(condition.kind for condition in tenant.state.conditions)
        for kind in KINDS:
            gauge.add_metric((str(tenant.state.tenant_id), kind), kinds[kind])
    return gauge


def _running(tenants: list[Tenant]) -> Metric:
    gauge = GaugeMetricFamily(f"{PREFIX}sync_running", "Whether a sync is at work.", labels=("tenant",))
    for tenant in tenants:
        gauge.add_metric((str(tenant.state.tenant_id),), float(tenant.state.running is not None))
    return gauge
