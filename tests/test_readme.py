from __future__ import annotations

import configparser
import re
from importlib.metadata import version

import click
import pytest
from readme import README, ROOT, render

from stance import load_model
from stance.cli import stance

TEXT = README.read_text(encoding="utf-8")


def test_every_output_shown_is_what_is_printed() -> None:
    made_with = load_model().card["versions"]
    if any(version(name) != number for name, number in made_with.items()):
        pytest.skip(f"the outputs shown are those of {made_with}")
    assert render(TEXT) == TEXT, "run `make readme`"


def test_every_make_command_shown_exists() -> None:
    shown = set(re.findall(r"^make ([a-z-]+)", TEXT, re.MULTILINE))
    assert {"demo", "test"} <= shown
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert shown <= targets


def test_ci_runs_the_readme_test_command() -> None:
    assert "\nmake test\n" in (ROOT / ".ci" / "run").read_text()
    assert "\nmake test" in TEXT


@pytest.mark.parametrize("name", sorted(stance.commands))
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"| `stance {name}` |" in TEXT


def options() -> list[tuple[str, str]]:
    return [
        (name, option)
        for name, command in stance.commands.items()
        for parameter in command.params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
        if option.startswith("--")
    ]


def test_options_have_one_meaning() -> None:
    """One spelling, one metavar wherever an option occurs."""
    seen: dict[str, str | None] = {}
    for command in stance.commands.values():
        for parameter in command.params:
            if isinstance(parameter, click.Option) and parameter.opts[0] != "--output":
                metavar = seen.setdefault(parameter.opts[0], parameter.metavar)
                assert parameter.metavar == metavar, parameter.opts[0]


def test_every_option_has_help() -> None:
    for command in stance.commands.values():
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, (command.name, parameter.name)


def test_every_dependency_is_named_with_its_reason() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    required = setup["options"]["install_requires"].split()
    assert required
    for requirement in required:
        name, _, bound = requirement.partition(">=")
        assert bound, f"{name} has no lower bound"
        assert f"| {name} | {bound} |" in TEXT


def test_the_changelog_has_the_version() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    assert f"## {setup['metadata']['version']}" in (ROOT / "CHANGELOG.md").read_text()
