"""Where a list's model goes: dbt_project/optional/trucks/servicetitan/reference/st_trucks.sql, and .yml beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from shlex import quote

from servicetitan_mirror.entities import Entity
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.modelling import rendering
from servicetitan_mirror.modelling.columns import columns
from servicetitan_mirror.places import HERE, dbt_project
from servicetitan_mirror.tables.optional import FOLDER

PACKAGED = HERE / "dbt_project"
SUFFIXES = (SQL, YAML) = (".sql", ".yml")


def texts(entity: Entity) -> dict[str, str]:
    """The model of an entity, by the suffix of its file."""
    found = columns(entity)
    return {SQL: rendering.sql(entity, found), YAML: rendering.yaml(entity, found)}


def write(root: Path, entities: Sequence[Entity], overwrite: bool = False) -> list[Path]:
    """Write the models of all the entities, or none: one whose files are there needs `overwrite`.

    Raises:
        ConfigurationError: nothing was written, because a model is there or there is no place for it.
    """
    project = own_project(root)
    known = there(project)
    kept = [path for entity in entities for path in known.get(entity.table, ())]
    if kept and not overwrite:
        paths = ", ".join(map(str, kept))
        raise ConfigurationError(f"There is {paths} already. Nothing was written; --force writes over what is there.")
    made = {
        _stem(project, entity, known).with_suffix(suffix): text
        for entity in entities
        for suffix, text in texts(entity).items()
    }
    for path, text in made.items():
        _write(path, text)
    return list(made)


def own_project(root: Path) -> Path:
    """The user's dbt project. Raises ConfigurationError where the package's own is in use."""
    project = dbt_project(root)
    if project != PACKAGED:
        return project
    raise ConfigurationError(
        f"There is no dbt project in {root}, so the package's own is in use, which the next upgrade replaces. Copy it, "
        f"and run this again: cp -r {quote(str(PACKAGED))} {quote(str(root / PACKAGED.name))}"
    )


def there(project: Path) -> dict[str, list[Path]]:
    """The SQL and YAML files of the project's models, by the name of what they make, wherever they are."""
    found: dict[str, list[Path]] = {}
    for folder in (project / "models", project / FOLDER):
        for path in sorted(folder.rglob("*")):
            if path.suffix in SUFFIXES:
                found.setdefault(path.stem, []).append(path)
    return found


def _stem(project: Path, entity: Entity, known: Mapping[str, Sequence[Path]]) -> Path:
    """Where the entity's files are, or belong, without their suffix."""
    if entity.table in known:
        return known[entity.table][0].with_suffix("")
    kind = "reference" if entity.is_reference else "transactions"
    return project / FOLDER / entity.name / "servicetitan" / kind / entity.table


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written: {error.strerror}. The dbt project must be a folder in which you may write; "
            "call this as its owner, or from a folder with a copy of the project."
        ) from error
