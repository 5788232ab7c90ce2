"""An entity is a line in entities.py, a SQL file and a YAML file, and nothing else: what is missing is named."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import yaml

from servicetitan_mirror.entities import BY_ID, LISTS, STANDARD, Entity, contacts, listed
from servicetitan_simulator.endpoints import ENDPOINTS

MODELS = Path(__file__).parents[1] / "dbt_project" / "models" / "servicetitan"


def test_every_entity_has_its_model_its_description_and_its_source() -> None:
    assert [*missing(STANDARD, MODELS)] == []


def test_what_is_missing_of_an_entity_is_named(tmp_path: Path) -> None:
    pets = listed(3, "pets", "crm/pets", "tn.crm.pets:r", BY_ID)
    pet_contacts = contacts(3, "pet_contacts", "crm/pets/contacts", "tn.crm.pets:r", "pets", "petId")
    assert [*missing([pets, pet_contacts], tmp_path)] == ["st_pets.sql: no such file", "st_pets.yml: no such file"]
    described = {"sources": [{"name": "servicetitan", "tables": [{"name": "pets", "description": "Pets."}]}]}
    folder = tmp_path / "transactions"
    folder.mkdir()
    (folder / "st_pets.sql").touch()
    (folder / "st_cats.sql").touch()
    (folder / "st_pets.yml").write_text(yaml.safe_dump(described))
    assert [*missing([pets, pet_contacts], tmp_path)] == [
        "st_pets.yml: no description of the source table pet_contacts",
        "st_pets.yml: no description of the model st_pets",
        "entities.py: no line of cats, which st_cats.sql is of",
    ]


def test_the_simulator_serves_every_list() -> None:
    served = {(f"{endpoint.module}/{endpoint.name}", endpoint.scope) for endpoint in ENDPOINTS}
    lists = {(endpoint.path, endpoint.scope) for endpoint in LISTS}
    assert [f"the simulator serves no {path} to the scope {scope}" for path, scope in sorted(lists - served)] == []


def missing(entities: Iterable[Entity], models: Path) -> Iterator[str]:
    """What the entities' models lack, each with the file in which it belongs."""
    tables = {entity.companion_of or entity.name: [] for entity in entities}
    for entity in entities:
        tables[entity.companion_of or entity.name].append(entity.name)
    for name, landed in tables.items():
        table = f"st_{name}"
        files = {ending: next(models.glob(f"*/{table}.{ending}"), None) for ending in ("sql", "yml")}
        yield from (f"{table}.{ending}: no such file" for ending, path in files.items() if not path)
        if path := files["yml"]:
            said = yaml.safe_load(path.read_text())
            sources = [table for source in said.get("sources", ()) for table in source["tables"]]
            for kind, wanted, there in (("source table", landed, sources), ("model", [table], said.get("models", ()))):
                described = {each["name"] for each in there if each.get("description")}
                yield from (f"{table}.yml: no description of the {kind} {n}" for n in wanted if n not in described)
    names = [path.stem.removeprefix("st_") for path in models.glob("*/st_*.sql") if path.parent.name != "log"]
    yield from (f"entities.py: no line of {n}, which st_{n}.sql is of" for n in names if n not in tables)
