"""`aecli diff`."""

from typing import Annotated

import typer

from aecli import console
from aecli.cli.configs import complete_target

HELP = """Show in which settings two runs differ, or two configs, or a run and a config.

Every default is resolved first, so that only what would be trained otherwise is shown.

Example: [bold]aecli diff last-1 last[/] or [bold]aecli diff mse.yaml last[/]
"""
Target = Annotated[str, typer.Argument(metavar="RUN|FILE", autocompletion=complete_target)]


def add_commands(app: typer.Typer) -> None:
    """Enrol the command."""
    app.command(help=HELP)(diff)


def diff(
    one: Target,
    other: Target,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Show in which settings two runs differ, or two configs, or a run and a config."""
    from aecli.comparison.evidence.config_diff import diff_configs
    from aecli.console.changed_settings import show_config_diff

    found = diff_configs(one, other)
    if json:
        console.say_json(found.plain())
    else:
        show_config_diff(found)
