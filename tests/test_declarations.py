"""Every list of the specification is declared as that has it, or it is said why not."""

from __future__ import annotations

from pathlib import Path

from declared import deviations, table
from servicetitan_mirror.entities import BY_NAME, ENTITIES
from servicetitan_mirror.entities.choosing import chosen, named, unknown
from servicetitan_mirror.entities.left_out import LEFT_OUT, OTHERWISE
from servicetitan_specification import listings

DOCUMENT = Path(__file__).parents[1] / "docs" / "lists.md"
DECLARED = [endpoint for entity in ENTITIES for endpoint in entity.endpoints]


def test_the_table_of_all_lists_is_up_to_date() -> None:
    assert DOCUMENT.read_text() == table(), "python tests/declared.py > docs/lists.md"


def test_every_list_is_declared_or_left_out_for_a_reason() -> None:
    assert "missing" not in table()
    assert LEFT_OUT.keys() - listings().keys() == set()
    assert LEFT_OUT.keys() & {endpoint.specified for endpoint in DECLARED} == set()


def test_every_list_is_declared_as_the_specification_has_it_or_it_is_said_why_not() -> None:
    known = listings()
    assert {each.specified for each in DECLARED if [*deviations(each, known[each.specified])]} == OTHERWISE.keys()


def test_names_are_those_of_one_entity_each() -> None:
    assert len(BY_NAME) == len(ENTITIES)
    assert len({endpoint.specified for endpoint in DECLARED}) == len(DECLARED)


def test_a_name_means_its_entity_and_its_companions() -> None:
    assert named("customers") == {"customers", "customer_contacts"}
    assert named("calls") == named("telecom.calls") == {"calls"}


def test_a_pattern_means_a_module_or_whatever_fits() -> None:
    assert named("timesheets.*") == {"activities", "activity_categories", "activity_types"}
    assert named("membership_*") == {"membership_types", "membership_status_changes"}
    assert [*chosen(["*"])] == [*ENTITIES]


def test_the_standard_lists_come_first_whatever_the_order_of_names() -> None:
    assert [entity.name for entity in chosen(["calls", "jobs", "trucks"])] == ["jobs", "trucks", "calls"]


def test_a_name_that_means_nothing_is_told_with_what_is_like_it() -> None:
    said = "'call' is no list and fits none, is it calls? `servicetitan entities` shows them all"
    assert unknown("call") == said
