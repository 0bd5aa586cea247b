"""`python -m stack run [--notices FOLDER]` and `python -m stack stop` are what the Makefile calls.

`python -m stack watch` is the watchdog, and `python -m stack status` (make status) says what it saw last.

`python -m stack env` and `python -m stack init` are for docker-compose.yaml: the first prints secrets for its .env, the
second makes tables, pools and the password of the UI inside it.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from annals.errors import AnnalsError
from annals.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when it went well; 1 when it did not, with the reason in the last line, or in the file of `--reason`."""
    parser = argparse.ArgumentParser(prog="python -m stack", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="start everything and run the pipeline once")
    run.add_argument("--reason", type=Path, help="where it fails, leave the reason in this file, for make to say last")
    run.add_argument("--notices", type=Path, help="a folder of documents to read instead of the sample publisher")
    commands.add_parser("stop", help="stop everything that run started")
    watch = commands.add_parser(
        "watch", help="watch Airflow, the warehouse, alerts and sources, and tell what is wrong"
    )
    watch.add_argument("--once", action="store_true", help="look once: 0 all is well, 1 something is wrong; for cron")
    watch.add_argument("--every", type=float, default=20, metavar="SECONDS", help="between two looks (default 20)")
    commands.add_parser("status", help="what the watchdog saw last")
    commands.add_parser("prune", help="remove Airflow's records of runs older than ANNALS_KEEP_DAYS")
    commands.add_parser("env", help="print new secrets for docker-compose.yaml")
    commands.add_parser("init", help="inside docker-compose.yaml: make tables, pools and the password of the UI")
    parsed = parser.parse_args(arguments)
    if parsed.command == "watch" and not parsed.every >= 1:
        parser.error("--every takes a second or more")
    try:
        settings = Settings.from_environment()
        if parsed.command == "env":
            from stack.compose import env

            print(env())
            return 0
        if parsed.command == "init":
            from stack.compose import init

            return init(settings)
        if parsed.command == "watch":
            from stack.watch import run as watch_on

            return watch_on(settings, once=parsed.once, every_s=parsed.every)
        if parsed.command == "status":
            from stack.watch import status

            return status(settings)
        if parsed.command == "prune":
            from stack.run import prune

            return prune(settings)
        if parsed.command == "stop":
            from stack.run import stop

            return stop(settings)
        from stack.run import run as run_once

        return run_once(settings, parsed.notices)
    except AnnalsError as error:
        reason = f"annals: {error}"
        if parsed.command == "run" and parsed.reason is not None:
            parsed.reason.write_text(" ".join(reason.split()), encoding="utf-8")
        else:
            print(reason, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("annals: interrupted; what was started keeps running until make stop", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
