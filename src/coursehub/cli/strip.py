"""`coursehub strip`: take out of pictures what they tell of who took them."""

from pathlib import Path

import click

from coursehub.cli.shared import CLEAN, FINDINGS
from coursehub.pictures import reading
from coursehub.system import files
from coursehub.text.wording import with_and


@click.command()
@click.argument("pictures", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.pass_context
def strip(context: click.Context, pictures: tuple[Path, ...]) -> None:
    """Take out of PICTURES where and when they were taken, by what, and notes.

    The picture itself stays as it is, bit for bit, with its colours and the way up. The site leaves all that out
    anyway; this is for the files in the repository, which is public too.
    """
    code = CLEAN
    for path in pictures:
        read = reading.read_file(path)
        if read.published is None:
            click.echo(f"{path} {read.picture.wrong}. {read.picture.help}", err=True)
            code = FINDINGS
        elif read.is_as_stored:
            click.echo(f"{path}: it reveals nothing")
        else:
            files.write(path.resolve(), read.published, mode=path.stat().st_mode & 0o777)
            click.echo(f"{path}: without {with_and(read.picture.secrets) or 'what no browser shows'}")
    context.exit(code)
