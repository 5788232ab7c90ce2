"""Personal data: tagged in the docs, left out where the settings say so, erased for good where somebody has to be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
import yaml

from dbt_support import TYPED, model
from mirror import CUSTOMERS, Mirror
from servicetitan_mirror.api.protection import Protection, without
from servicetitan_mirror.config.loading import load_settings
from servicetitan_mirror.entities import PUBLISHED
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.personal import ANYWHERE, FIELDS, tree_of
from servicetitan_mirror.postgres.warehouse import query
from servicetitan_mirror.source import servicetitan
from servicetitan_simulator import Simulator
from test_field_types import FIELDS as SPECIFIED
from test_reconcile import reconciled

KEY = "a key that nobody else knows".replace(" ", "-")
MARK = "Zzyzx"  # in whatever says who the customer is
ALL_TABLES = """
select format('%I.%I', nspname, relname) from pg_class join pg_namespace on relnamespace = pg_namespace.oid
where relkind in ('r', 'p', 'm', 'v') and not relispartition and nspname !~ '^(pg_|information_schema)' order by 1
"""
SUMS = """
select (select array_agg((customer_id, sums) order by customer_id) from (
    select customer_id, sum(total) + sum(balance) as sums from st_invoices group by 1
) as invoices), (select sum(amount) from st_payments), (select sum(balance) from st_customers),
    (select count(*) from st_jobs), (select count(*) from st_locations), (select sum(total) from st_estimates)
"""
# A field whose name looks personal, and which is the business's own, or says what a thing is and not who somebody is.
LOOKS_PERSONAL = re.compile(
    r"name|mail|phone|street|unit$|latitude|longitude|memo|notes|summary|createdBy$|value$", re.I
)
NOT_PERSONAL = re.compile(
    r"^(business_units|job_types|call_reasons|campaigns|tag_types|custom_fields)|businessUnit|account|skuName|displayName"
    r"|(sku|batch|invoiceType|itemGroup|status|type|skills|salesTaxCode|deposit|division|trade|customFields)(\[\])?\.(name|value)|itemGroupName"
    r"|externalData|externalLinks|termName|typeName|preferences|permissions|proposalTagName|installed_equipment\.name|doNotMail"
    r"|vendor|zone(\.)?name|items\[\]\.(name|inventoryLocation\.name)|^(bank_deposits|journal_entries|recurring_services)\.name"
    r"|attribution|job\.name|campaign\.name|reason\.name|formName",
    re.I,
)


def kind(entity: str, path: str) -> object:
    """What is done with a field: a kind, the tree of what is below it, or nothing."""
    node: Any = tree_of(entity) or {}
    for name in path.replace("[]", "").split("."):
        node = node if isinstance(node, str) else node.get(name, {})
    return node


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from strings(part)
    elif isinstance(value, str):
        yield value


def found(mirror: Mirror, *words: str) -> list[str]:
    """Where one of the words stands: tables and views of all schemas, and files of the working folder."""
    with closing(mirror.warehouse.connect()) as connection:
        like = [f"%{word}%" for word in words]
        tables = [
            table
            for (table,) in query(connection, ALL_TABLES)
            if query(connection, f"select exists (select from {table} as row where row::text like any(%s))", (like,))[
                0
            ][0]
        ]
    folder = mirror.warehouse.folder(mirror.root)
    files = [path for path in folder.rglob("*") if path.is_file()]
    texts = {path: path.read_bytes() for path in files}
    return tables + [str(path) for path, text in texts.items() if any(word.encode() in text for word in words)]


def mark(mirror: Mirror, customer: dict[str, Any]) -> None:
    """Put the mark into all that ServiceTitan has of a customer."""
    source, address = mirror.source, {"street": f"1 {MARK} Street", "city": f"{MARK}ville", "latitude": f"{MARK}!"}
    reference = {"id": customer["id"], "name": f"Mary {MARK}"}
    source.set("customers", customer["id"], {"name": f"Mary {MARK}", "address": address})
    places = [each for each in source.records("locations") if each["customerId"] == customer["id"]]
    for place in places:
        source.set("locations", place["id"], {"name": MARK, "address": address, "homePhone": f"555 {MARK}"})
        contact = {
            "locationId": place["id"],
            "type": "Email",
            "value": f"{MARK}@example.com",
            "memo": f"ask for {MARK}",
        }
        source.set("location_contacts", 900_000_000 + place["id"], contact)
    for each in source.records("customer_contacts"):
        if each["customerId"] == customer["id"]:
            source.set(
                "customer_contacts", each["id"], {"value": f"{MARK}-555", "phoneSettings": {"phoneNumber": MARK}}
            )
    typed = {"summary": MARK, "memo": MARK, "specialInstructions": MARK, "name": MARK}
    for entity, parties in {
        **{entity: {} for entity in ("jobs", "estimates", "appointments", "installed_equipment")},
        "invoices": {"customer": reference, "customerAddress": address, "items": [{"id": 1, "description": MARK}]},
        "payments": {"customer": reference, "checkNumber": MARK},
    }.items():
        for each in source.records(entity):
            if customer["id"] in (each.get("customerId"), (each.get("customer") or {}).get("id")):
                fields = {name: typed[name] for name in typed.keys() & each.keys()} | parties
                if entity == "installed_equipment":
                    del fields["name"]  # the equipment's
                source.set(entity, each["id"], fields)
    broken = source.add("jobs")[0]
    source.raw("jobs", broken, f'{{"id": {broken}, "customerId": {customer["id"]}, "summary": "{MARK}" oops}}')
    source.raw("customers", source.add("customers")[0], f'"Mary {MARK}"')


def busy_customer(mirror: Mirror) -> dict[str, Any]:
    """A customer of whom there is something in every list."""
    of = {
        entity: {
            each.get("customerId") or (each.get("customer") or {}).get("id") for each in mirror.source.records(entity)
        }
        for entity in ("customer_contacts", "locations", "estimates", "appointments", "invoices", "payments")
    }
    return next(each for each in mirror.source.records("customers") if all(each["id"] in ids for ids in of.values()))


def test_an_erased_customer_is_nowhere_and_stays_erased(mirror: Mirror) -> None:
    source, customer = mirror.source, busy_customer(mirror)
    mark(mirror, customer)
    mirror.sync()
    assert {
        *("public.st_customers", "public.st_locations", "public.st_jobs", "public.st_invoices", "public.st_payments"),
        *("public.st_sync_failures", "raw_servicetitan.rejected_records", "raw_servicetitan.location_contacts"),
        *("public.st_estimates", "public.st_appointments"),
    } - {*found(mirror, MARK)} == set()
    sums = mirror.row(SUMS)
    with closing(mirror.warehouse.connect()) as connection:
        query(connection, "create table my_list as select name from st_customers")
    erased = mirror.command("erase", "--customer", str(customer["id"]), "--yes", "--json")
    said = json.loads(erased.stdout)
    assert (erased.returncode, said["customers"], said["rows"]["public.st_customers"]) == (0, [customer["id"]], 1)
    assert (said["elsewhere"], said["problems"]) == ({"public.my_list": 1}, [])
    assert found(mirror, MARK) == ["public.my_list"]
    assert mirror.row(SUMS) == sums
    again = mirror.command("erase", "--customer", str(customer["id"]), "--yes")
    assert "Nothing of it was left to erase." in again.stdout
    with closing(mirror.warehouse.connect()) as connection:
        query(connection, "drop table my_list")
    mirror.sync(full=True)
    source.set("customers", customer["id"], {"name": f"Anna {MARK}", "email": f"{MARK}@example.com"})
    place = source.add("locations")[0]
    source.set("locations", place, {"customerId": customer["id"], "name": MARK})
    source.set("location_contacts", 990_000_000, {"locationId": place, "value": MARK})
    source.deactivate("customer_contacts", [c["id"] for c in source.records("customer_contacts")][:1])
    mirror.sync()
    mirror.command("rebuild", "customers,locations")
    assert reconciled(mirror, deep=True, fix=True) == {}
    assert found(mirror, MARK, "Anna Z") == []
    assert mirror.rows("select module, count(*) from st_erased_records group by 1 order by 1") == [
        ("customers", 1),
        ("locations", len(said["locations"]) + 1),
    ]


def test_who_is_not_in_the_mirror_is_kept_erased_and_so_is_who_was_merged(mirror: Mirror) -> None:
    source, (into, merged, *_) = mirror.source, [each["id"] for each in mirror.source.records("customers")]
    source.set("customers", into, {"name": f"Mary {MARK}"})
    source.set("customers", merged, {"name": f"Maria {MARK}", "mergedToId": into})
    mirror.sync()
    refused = mirror.command("erase", "--customer", str(merged))
    assert (refused.returncode, f"merged with {into}, with" in refused.stderr) == (2, True), refused.stderr
    done = mirror.command("erase", "--customer", str(merged), "--customer", "990000000", "--yes")
    assert (done.returncode, found(mirror, MARK)) == (0, []), done.stderr
    source.set("customers", 990_000_000, {"name": MARK, "mergedToId": None})
    twin = source.add("customers")[0]
    source.set("customers", twin, {"name": MARK, "mergedToId": into})
    outcome = mirror.sync()["customers"]
    assert (outcome.status, outcome.created, found(mirror, MARK)) == ("completed", 2, [])
    done = mirror.command("forget", "--yes")
    assert mirror.row("select count(*) from raw_servicetitan.erased_records where entity = 'customers'") == (4,)


def test_a_setting_leaves_persons_out_of_all_that_landed_and_lands_and_lets_them_back_in(mirror: Mirror) -> None:
    source = mirror.source
    source.raw("customers", source.add("customers")[0], '"Mary Nobody"')
    mirror.sync()
    staff = [each[name] for each in source.records("technicians") for name in ("name", "email", "loginName")]
    people = [each["name"] for each in source.records("customers") if isinstance(each, dict)]
    streets = [each["address"]["street"] for each in source.records("locations")]
    contacts = [each["value"] for entity in ("customer", "location") for each in source.records(f"{entity}_contacts")]
    typed = [each["summary"] for each in source.records("jobs") if each["summary"]]
    words = [*filter(None, [*staff, *people, *streets, *contacts, *typed, "Mary Nobody"])]
    assert found(mirror, *words)
    failures = mirror.row("select count(*) from st_sync_failures")
    sums = mirror.row(SUMS)
    mirror.settings |= {"personal_data": "hash", "personal_data_key": KEY}
    mirror.sync(only=("call_reasons",))
    assert (found(mirror, *words), mirror.row(SUMS), mirror.row("select count(*) from st_sync_failures")) == (
        [],
        sums,
        failures,
    )
    equal = """
        select count(*) filter (where full_data -> 'customer' ->> 'name' = name), count(*)
        from st_invoices
        join (select st_id as customer_id, name from st_customers) as customer using (customer_id)
    """
    same, invoices = mirror.row(equal)
    assert same == invoices > 0
    assert mirror.row("select count(*) from st_customers where email !~ '^#[0-9a-f]{32}$'") == (0,)
    outcomes = mirror.sync(full=True)
    written = {name for name, outcome in outcomes.items() if outcome.updated or outcome.created}
    assert written <= {"customer_contacts", "location_contacts"}  # whose feed has a key that their list has not
    assert reconciled(mirror, deep=True) == {}
    touched = source.touch("customers")[0]
    assert (mirror.sync()["customers"].updated, found(mirror, *words)) == (1, [])
    mirror.settings |= {"personal_data": "drop"}
    mirror.sync(only=("call_reasons",))
    assert mirror.row("select count(name), count(email), count(address_line1), count(city) > 0 from st_customers") == (
        *(0, 0, 0),
        True,
    )
    mirror.settings |= {"personal_data": "keep"}
    mirror.sync()
    assert mirror.differences() == ["customers"]  # but for the text that is no record
    assert mirror.row(f"select name like '%(edit %' from st_customers where st_id = {touched}") == (True,)


def test_the_source_alone_follows_the_same_setting(source: Simulator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCES__SERVICETITAN__PERSONAL_DATA", "drop")
    places = {"tenant_id": int(source.tenant_id), "api_url": source.url, "auth_url": source.url}
    customers = servicetitan(unpacked=True, **places, **source.credentials._asdict()).customers
    assert [(row["name"], row["address"]["street"]) for row in customers] == [(None, None)] * CUSTOMERS


def test_the_rest_of_a_record_keeps_its_text_and_a_new_field_that_sounds_personal_is_treated() -> None:
    hashing, text = (
        Protection("hash", KEY),
        '{"id":1,"name":" Ann ","balance":1.10,"big":123456789012345678901234567890}',
    )
    ann = hashing.hashed("ANN")
    assert hashing.protected("customers", text) == text.replace(" Ann ", ann)
    assert hashing.protected("customers", hashing.protected("customers", text)) == text.replace(" Ann ", ann)
    new = '{"id":1,"homePhone":5550100,"spouse":{"email":"a@b.c","emailedOn":"2026-01-01"},"note":[{"phone":null}]}'
    assert json.loads(without("customers", new)) == {
        "id": 1,
        "homePhone": None,
        "spouse": {"email": None, "emailedOn": "2026-01-01"},
        "note": None,
    }
    phone = json.loads(hashing.protected("customers", new))["homePhone"]
    assert phone == hashing.hashed("5550100") != Protection("hash", KEY[::-1]).hashed("5550100")
    flat, deep = (f'{{"id":1,"x":{"[" * levels}{"]" * levels}}}' for levels in (20, 900))
    assert hashing.protected("customers", flat) == flat
    assert hashing.protected("customers", deep) == deep.replace("[" * 870 + "]" * 870, "null")
    assert hashing.protected("business_units", new) == new
    job = '{"id":1,"location":{"address":{"street":"1 Oak","city":"Waco","latitude":31.5}},"customer":{"name":null}}'
    assert hashing.protected("jobs", job) == job.replace("1 Oak", hashing.hashed("1 oak")).replace("31.5", "null")
    assert json.loads(hashing.protected("pets", '{"memo":"x","customer":{"id":2,"name":""}}')) == {
        "memo": None,
        "customer": {"id": 2, "name": ""},
    }


def test_a_key_is_needed_to_hash_and_each_tenant_may_have_its_own_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    prefix = "SOURCES__SERVICETITAN__"
    for number, name in enumerate(("NORTH", "SOUTH"), 1):
        values = {"TENANT_ID": str(number), "CLIENT_ID": "c", "CLIENT_SECRET": "s", "APP_KEY": "a"}
        for setting, value in values.items():
            monkeypatch.setenv(f"{prefix}TENANTS__{name}__{setting}", value)
    monkeypatch.setenv(f"{prefix}PERSONAL_DATA", "hash")
    monkeypatch.setenv(f"{prefix}TENANTS__SOUTH__PERSONAL_DATA", "drop")
    assert load_settings("south").personal_data == "drop"
    monkeypatch.setenv(f"{prefix}PERSONAL_DATA_KEY", "tooshort")
    with pytest.raises(ConfigurationError, match="PERSONAL_DATA_KEY must be 16 characters") as refused:
        load_settings("north")
    assert "tooshort" not in str(refused.value)


def test_every_field_that_looks_personal_is_named_or_said_to_be_the_businesss_own() -> None:
    fields = [
        f"{entity}.{path}"
        for entity in SPECIFIED.keys() & FIELDS.keys()
        for path, type in SPECIFIED[entity].items()
        if type.startswith("string") and LOOKS_PERSONAL.search(path) and not isinstance(kind(entity, path), str)
    ]
    assert [field for field in sorted(fields) if not NOT_PERSONAL.search(field)] == []
    unknown = {path for entity in FIELDS for path in FIELDS[entity] if path not in SPECIFIED[entity]}
    assert unknown <= ANYWHERE.keys()


def test_every_column_of_a_personal_field_is_tagged_with_what_is_done_to_it() -> None:
    wanted, tagged = {}, {}
    for entity in PUBLISHED + TYPED:
        sql, described = model(entity).read_text(), model(entity).with_suffix(".yml").read_text()
        for column in yaml.safe_load(described)["models"][0]["columns"] if tree_of(entity.name) else ():
            name, config = column["name"], column.get("config", {})
            read = re.search(rf"^    \{{\{{ \w+\('([\w.]+)'.*\) \}}\}} as {name},?$", sql, re.M)
            said = kind(entity.name, read.group(1)) if read else None
            if said:
                wanted[f"{entity.name}.{name}"] = said if isinstance(said, str) else "inside"
            if "personal" in config.get("tags", ()):
                tagged[f"{entity.name}.{name}"] = config["meta"]["personal"]
    assert wanted.items() - tagged.items() == set()
    others = {name for name in tagged.keys() - wanted.keys() if not name.endswith(".full_data")}
    assert {name.split(".")[1] for name in others} == {
        "addresses",
        "email",
        "email_addresses",
        "phone",
        "phone_numbers",
    }
