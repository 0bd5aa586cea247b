"""The `annals` command. Each subcommand imports its rooms only when called, so that all of them start quickly."""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from annals.errors import AnnalsError, Unreadable

if TYPE_CHECKING:
    from annals.model import Document


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 when all went well, 1 when something could not be done, 2 for a wrong call."""
    parsed = _parser().parse_args(arguments)
    try:
        return int(parsed.run(parsed))
    except AnnalsError as error:
        print(f"annals: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader, `head` say, has seen enough
        sys.stderr.close()
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="annals", description="Figures from public notices, with their sources.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    read = commands.add_parser("read", help="print one JSON line per figure")
    read.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a document, or a folder of them")
    read.set_defaults(run=_read)

    extract = commands.add_parser("extract", help="print a document's text")
    extract.add_argument("path", type=Path, metavar="PATH")
    extract.add_argument("--format", choices=("text", "json"), default="text")
    extract.set_defaults(run=_extract)

    describe = commands.add_parser("describe", help="print what a document says of itself, as one JSON object")
    describe.add_argument("path", type=Path, metavar="PATH")
    describe.set_defaults(run=_describe)

    evidence = commands.add_parser("evidence", help="show a figure in its place: a picture of the page, or HTML")
    evidence.add_argument(
        "place",
        metavar="PATH:START-END|FIGURE",
        help="offsets into what `annals extract` prints, or a figure_id of mart.figure",
    )
    evidence.add_argument("--output", type=Path, metavar="FILE", help="default: NAME.START-END.png or .html here")
    evidence.set_defaults(run=_evidence)

    for command in (read, extract, describe, evidence):
        command.add_argument("--password", help="opens encrypted documents")

    warehouse = commands.add_parser("warehouse", help="the warehouse in use")
    warehouse.add_argument(
        "what",
        choices=("url", "start", "stop", "migrate"),
        help="url: print its SQLAlchemy URL; start, stop: the embedded server; migrate: make or upgrade the schema",
    )
    warehouse.add_argument("--analyst", action="store_true", help="url: of the role that reads mart and nothing else")
    warehouse.set_defaults(run=_warehouse)

    corrections = commands.add_parser("corrections", help="known errors of publishers, in include/corrections")
    corrections.add_argument(
        "what",
        choices=("check", "export"),
        help="check: read the files; export: add to them what was corrected on the review page",
    )
    corrections.set_defaults(run=_corrections)

    indicators = commands.add_parser("indicators", help="the catalogue of indicators")
    actions = indicators.add_subparsers(dest="action", required=True, metavar="ACTION")
    suggest = actions.add_parser("suggest", help="list the series that recur in documents and have no indicator")
    suggest.add_argument("paths", nargs="+", type=Path, metavar="PATH", help="a document, or a folder of them")
    suggest.add_argument("--least", type=int, default=2, metavar="N", help="in at least N documents (default 2)")
    suggest.set_defaults(run=_suggest)
    return parser


def _read(parsed: argparse.Namespace) -> int:
    from annals.describe import describe
    from annals.figures import cautions, read, to_json_lines

    failed = 0
    for document in _documents(parsed.paths, parsed.password):
        if document is None:
            failed += 1
            continue
        for caution in (*document.cautions, *cautions(document)):
            print(f"annals: {document.name}: warning: {caution.message}", file=sys.stderr)
        sys.stdout.write(to_json_lines(document.name, read(document, describe(document))))
    return 1 if failed else 0


def _suggest(parsed: argparse.Namespace) -> int:
    from annals.describe import describe
    from annals.figures import read
    from annals.indicators import suggest

    failed = 0
    seen: list[tuple[str, str]] = []
    for document in _documents(parsed.paths):
        if document is None:
            failed += 1
            continue
        unknown: dict[str, str] = {}
        for figure in read(document, describe(document)):
            if figure.indicator is None and figure.series is not None:
                unknown.setdefault(figure.series, f"{figure.subject} {figure.raw}".replace("\n", ""))
        seen.extend(unknown.items())
    for series, documents, example in suggest(seen, parsed.least):
        print(f"{documents}\t{series}\t{example}")
    return 1 if failed else 0


def _extract(parsed: argparse.Namespace) -> int:
    document = _one(parsed)
    if parsed.format == "json":
        import msgspec

        sys.stdout.write(msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n")
    else:
        sys.stdout.write(document.text)
    return 0


def _evidence(parsed: argparse.Namespace) -> int:
    found = re.fullmatch(r"(.+):(\d+)-(\d+)", parsed.place)
    if found is not None:
        from annals.extract.evidence import evidence

        path, start, end = Path(found[1]), int(found[2]), int(found[3])
        name = f"{path.stem}.{start}-{end}"
        try:
            shown = evidence(path, start, end, password=parsed.password)
        except Unreadable as error:
            raise AnnalsError(f"{path}: {error.reason}") from error
    elif re.fullmatch("[0-9a-f]{24}", parsed.place):
        from annals import warehouse
        from annals.review.crop import show_figure
        from annals.settings import Settings

        name = parsed.place
        settings = Settings.from_environment()
        with warehouse.connect(settings) as connection:
            shown = show_figure(settings, connection, parsed.place)
    else:
        raise AnnalsError(
            f"{parsed.place!r} is no place; expected PATH:START-END, such as notice.pdf:1204-1208, or a figure_id"
        )
    suffix = "png" if shown.media_type == "image/png" else "html"
    output = parsed.output or Path(f"{name}.{suffix}")
    output.write_bytes(shown.data)
    print(output)
    return 0


def _describe(parsed: argparse.Namespace) -> int:
    import msgspec

    from annals.describe import describe

    described = describe(_one(parsed))
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(described), indent=2).decode() + "\n")
    return 0


def _warehouse(parsed: argparse.Namespace) -> int:
    from annals import warehouse
    from annals.settings import Settings

    settings = Settings.from_environment()
    if parsed.what == "url":
        print(warehouse.analyst_url(settings) if parsed.analyst else warehouse.url(settings))
    elif parsed.what == "start":
        print("started" if warehouse.start(settings) else "runs already")
    elif parsed.what == "stop":
        print("stopped" if warehouse.stop(settings) else "did not run")
    else:
        with warehouse.connect(settings) as connection:
            print("\n".join(warehouse.migrate(connection)) or "up to date")
    return 0


def _corrections(parsed: argparse.Namespace) -> int:
    from annals import warehouse
    from annals.review import corrections
    from annals.settings import Settings

    if parsed.what == "export":
        with warehouse.connect(Settings.from_environment()) as connection:
            for path in corrections.export(connection, corrections.FOLDER):
                print(path)
    for source, entries in corrections.load(corrections.FOLDER).items():
        print(f"{source}: {len(entries)} corrections")
    return 0


def _documents(paths: Sequence[Path], password: str | None = None) -> "Iterator[Document | None]":
    """The documents that the paths name, one after the other; None, and a line on stderr, for an unreadable one."""
    from annals.extract.fence import extract_all

    for path, document in extract_all(_files(paths), password=password):
        if isinstance(document, Unreadable):
            print(f"annals: {_line(path)}: {document.reason}", file=sys.stderr)
            yield None
        else:
            yield document


def _line(path: Path) -> str:
    """A path in one line: a file's name may hold line breaks and controls."""
    return "".join(character if character.isprintable() else repr(character)[1:-1] for character in str(path))


def _one(parsed: argparse.Namespace) -> "Document":
    from annals.extract import extract

    try:
        return extract(parsed.path, password=parsed.password)
    except Unreadable as error:
        raise AnnalsError(f"{_line(parsed.path)}: {error.reason}") from error


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    """The files that the paths name, folders walked in the order of names; a path that is not there is left to fail."""
    for path in paths:
        if path.is_dir():
            yield from sorted(file for file in path.rglob("*") if file.is_file() and not file.name.startswith("."))
        else:
            yield path


if __name__ == "__main__":
    sys.exit(main())
