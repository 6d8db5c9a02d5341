"""Arguments → calls → text and exit code: 0 clean, 1 findings or taken, 2 wrong use or a broken set-up."""

import gc
import importlib

import click

# command → (module, function): a module is loaded only when its command is called.
COMMANDS = {
    "check": ("check", "check"),
    "free": ("claims", "free"),
    "compare": ("claims", "compare"),
    "new": ("claims", "new"),
    "import": ("prior", "import_posts"),
    "comments": ("comments", "comments"),
    "participation": ("participation", "participation"),
    "grades": ("participation", "grades"),
    "receipt": ("receipt", "receipt"),
    "desk": ("desk", "desk"),
    "doctor": ("doctor", "doctor"),
    "strip": ("strip", "strip"),
    "replay": ("prior", "replay"),
}


class _Lazy(click.Group):
    """A group whose commands are imported when they are needed, so that a check starts at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, function = COMMANDS[cmd_name]
        command: click.Command = getattr(importlib.import_module(f"coursehub.cli.{module}"), function)
        return command


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="coursehub")
@click.pass_context
def main(context: click.Context) -> None:
    """Claims, checks and paperwork of a course with public student writing."""
    gc.disable()  # what a command reads it needs to its end; to look for garbage in it took a fifth of the time
    context.call_on_close(gc.enable)
