"""Where a list's model goes: dbt_project/optional/trucks/servicetitan/reference/st_trucks.sql, and .yml beside it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from shlex import quote

from servicetitan_mirror.entities import Entity
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.modelling import rendering
from servicetitan_mirror.modelling.columns import columns
from servicetitan_mirror.places import HERE, dbt_project
from servicetitan_mirror.tables.optional import FOLDER

PACKAGED = HERE / "dbt_project"


def texts(entity: Entity) -> dict[str, str]:
    """The model of an entity, by the suffix of its file."""
    found = columns(entity)
    return {".sql": rendering.sql(entity, found), ".yml": rendering.yaml(entity, found)}


def write(root: Path, entities: Iterable[Entity], overwrite: bool = False) -> list[Path]:
    """Write the models of all the entities, or none: one whose files are there needs `overwrite`.

    Raises:
        ConfigurationError: nothing was written, because a model is there or there is no place for it.
    """
    project = own_project(root)
    found = {entity: there(project, entity) for entity in entities}
    if (known := [path for paths in found.values() for path in paths]) and not overwrite:
        names = ", ".join(map(str, known))
        raise ConfigurationError(f"There already: {names}. Nothing was written; --force writes it anew over what is there.")
    written = []
    for entity, paths in found.items():
        stem = paths[0].with_suffix("") if paths else place(project, entity)
        for suffix, text in texts(entity).items():
            written.append(_write(stem.with_suffix(suffix), text))
    return written


def own_project(root: Path) -> Path:
    """The user's dbt project. Raises ConfigurationError where the package's own is in use."""
    project = dbt_project(root)
    if project != PACKAGED:
        return project
    raise ConfigurationError(
        f"There is no dbt project in {root}, so the package's own is in use, which the next upgrade replaces. Copy it, "
        f"and run this again: cp -r {quote(str(PACKAGED))} {quote(str(root / PACKAGED.name))}"
    )


def there(project: Path, entity: Entity) -> list[Path]:
    """The files of the project that make the entity's table or describe it, wherever they are."""
    folders = (project / "models", project / FOLDER)
    return sorted(path for folder in folders for path in folder.rglob(f"{entity.table}.*") if path.suffix in texts(entity))


def place(project: Path, entity: Entity) -> Path:
    """The path of the entity's files, without their suffix."""
    kind = "reference" if entity.is_reference else "transactions"
    return project / FOLDER / entity.name / "servicetitan" / kind / entity.table


def _write(path: Path, text: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written: {error.strerror}. The dbt project must be a folder in which you may write; "
            "call this as its owner, or from a folder with a copy of the project."
        ) from error
    return path
