"""Where settings are read, in this order: environment, secrets.toml, config.toml, the product's own config.toml.

The two files are those of the `.dlt` folder of

1. `DLT_PROJECT_DIR`, where that is set,
2. the current folder, where a file of it has a section `[sources.servicetitan]`,
3. the checkout; for an installed package, the current folder.

So a `.dlt` that belongs to something else, as in a home folder, hides nothing. Behind them come the files of dlt's
global folder, `~/.dlt`, as in every dlt project.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from dlt.common.configuration.container import Container
from dlt.common.configuration.exceptions import ConfigurationException
from dlt.common.configuration.providers import ConfigProvider, EnvironProvider
from dlt.common.configuration.specs import PluggableRunContext
from dlt.common.configuration.specs.config_providers_context import ConfigProvidersContainer
from dlt.common.runtime.run_context import DOT_DLT, RunContext
from dlt.common.typing import TSecretStrValue

from servicetitan_mirror.config.documents import (
    CONFIG,
    SECRETS,
    BrokenFileError,
    Document,
    provider,
    read,
    warn_if_open,
)
from servicetitan_mirror.errors import ConfigurationError
from servicetitan_mirror.places import CHECKOUT, HERE

OUR_SECTION = ("sources", "servicetitan")
DEFAULTS = CHECKOUT / DOT_DLT / CONFIG if CHECKOUT else HERE / "defaults" / CONFIG


class Found(NamedTuple):
    """A value as it was given, and the words that say where."""

    value: Any
    place: str


class MirrorContext(RunContext):
    """dlt's context with the files of one folder, and the product's own settings behind them."""

    def initial_providers(self) -> list[ConfigProvider]:
        """What dlt asks for a value, one after the other."""
        folders = [Path(self.settings_dir), Path(self.global_dir)]
        files = [folder / name for name in (SECRETS, CONFIG) for folder in folders]
        providers = map(provider, dict.fromkeys([*files, DEFAULTS]))
        return [EnvironProvider(), *filter(None, providers)]


def use() -> None:
    """Let dlt read settings from where the mirror's are.

    Raises:
        ConfigurationError: a setting of dlt's own makes no sense.
    """
    folder = project_folder()
    os.environ["DLT_PROJECT_DIR"] = str(folder)
    container = Container()
    try:
        container[PluggableRunContext] = PluggableRunContext(MirrorContext(str(folder)))
        container[PluggableRunContext].add_extras()
    except (ConfigurationException, ValueError) as error:
        name = getattr(error, "field_name", "log_level")
        raise ConfigurationError(f"{name} under [runtime], dlt's own setting, is wrong.") from None


def warn() -> None:
    """Say so when everybody can read the secrets."""
    warn_if_open(secrets_file())


def use_none() -> None:
    """Let dlt read nothing but the environment and how the product sets up dlt itself: what the demo needs."""
    content = read(DEFAULTS) or {}
    kept = {name: value for name, value in content.items() if name in ("runtime", "data_writer", "load")}
    Container()[PluggableRunContext].providers = ConfigProvidersContainer([EnvironProvider(), Document(DEFAULTS, kept)])


def project_folder() -> Path:
    """The folder whose `.dlt` is used."""
    if named := os.environ.get("DLT_PROJECT_DIR"):
        return Path(named).absolute()
    here = Path.cwd()
    return here if CHECKOUT is None or _is_ours(here) else CHECKOUT


def secrets_file() -> Path:
    """The project's `secrets.toml`, there or not."""
    return project_folder() / DOT_DLT / SECRETS


def find(sections: tuple[str, ...], key: str, secret: bool = False) -> Found | None:
    """The value of a setting under exactly this name: no shorter ones, which may belong to another program.

    Raises:
        ConfigurationError: a secret stands where it does not belong, or a file that may hold it cannot be read.
    """
    hint: Any = TSecretStrValue if secret else str
    for source in Container()[PluggableRunContext].providers.providers:
        value, name = source.get_value(key, hint, None, *sections)
        if value is None:
            continue
        if isinstance(source, EnvironProvider):
            return Found(value, f"The environment variable {name}")
        place = f"{key} under [{'.'.join(sections)}] in {_path(source)}"
        if secret and not source.supports_secrets:
            raise ConfigurationError(f"{place} is a secret: it belongs into {SECRETS}.")
        return Found(value, place)
    return None


def names(sections: tuple[str, ...]) -> Iterator[Found]:
    """All that is set in a section, by name, and where. Sections inside it are left out."""
    prefix = "__".join(sections).upper() + "__"
    for variable, value in os.environ.items():
        if variable.upper().startswith(prefix) and value and "__" not in variable[len(prefix) :]:
            yield Found(variable[len(prefix) :].lower(), f"The environment variable {variable}")
    for source in Container()[PluggableRunContext].providers.providers:
        for name, value in _section(getattr(source, "_config_doc", {}), sections).items():
            if not isinstance(value, dict):
                yield Found(name, f"{name} under [{'.'.join(sections)}] in {_path(source)}")


def subsections(sections: tuple[str, ...]) -> Iterator[Found]:
    """The names of the sections in a section, and where each stands first."""
    seen = set()
    for found in _subsections(sections):
        if found.value not in seen:
            seen.add(found.value)
            yield found


def _subsections(sections: tuple[str, ...]) -> Iterator[Found]:
    for source in Container()[PluggableRunContext].providers.providers:
        for name, value in _section(getattr(source, "_config_doc", {}), sections).items():
            if isinstance(value, dict):
                yield Found(name, f"[{'.'.join((*sections, name))}] in {_path(source)}")
    prefix = "__".join(sections).upper() + "__"
    for variable, value in os.environ.items():
        name, inside, _ = variable[len(prefix) :].partition("__")
        if variable.upper().startswith(prefix) and value and inside:
            yield Found(name.lower(), f"The environment variable {variable}")


def _path(source: ConfigProvider) -> str:
    return next(iter([*source.present_locations, *source.locations]), source.name)


def _section(document: object, sections: tuple[str, ...]) -> dict[str, Any]:
    for name in sections:
        document = document.get(name) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


def _is_ours(folder: Path) -> bool:
    for name in (SECRETS, CONFIG):
        path = folder / DOT_DLT / name
        try:
            if _section(read(path), OUR_SECTION):
                return True
        except BrokenFileError:
            return folder == CHECKOUT or b"sources.servicetitan" in _bytes(path)
    return False


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
