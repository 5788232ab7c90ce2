"""The lists of the specification that are not offered, or asked otherwise than it has them, each with the reason."""

from __future__ import annotations

_SAME = "the same records as {}"
_IDS = "needs the ids of what it is asked for; {} has the same"

LEFT_OUT = {
    "jpm/v2/tenant/{tenant}/jobs/cancel-reasons": _IDS.format("job_canceled_logs"),
    "jpm/v2/tenant/{tenant}/jobs/hold-reasons": "needs the ids of the jobs that it is asked for",
    "marketingads/v2/tenant/{tenant}/capacity-warnings": "what holds at this moment, and nothing tells it apart",
    "marketingads/v2/tenant/{tenant}/performance": "a report over a range and a segmentation, no records",
    "memberships/v2/tenant/{tenant}/invoice-templates": _IDS.format("the feed of invoice_templates"),
    "sales/v2/tenant/{tenant}/estimates/export": _SAME.format("the feed of estimates, under its former path"),
    "telecom/v2/tenant/{tenant}/calls": _SAME.format("calls, in the former version of the API"),
    "telecom/v2/tenant/{tenant}/export/calls": _SAME.format("calls, in the former version of the API"),
}

OTHERWISE = {
    "equipmentsystems/v2/tenant/{tenant}/installed-equipment/custom-field-types": (
        "its records have no time of change, so its filter can tell nothing"
    ),
    "jpm/v2/tenant/{tenant}/work-breakdown-structure/segments": (
        "its answer has neither a total nor a word of more, so one large page is asked for"
    ),
}
