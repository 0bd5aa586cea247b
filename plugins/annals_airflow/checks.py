"""What an audit found, as lines in its task's log: the gravest first, each as loud as it is grave."""

import logging

from annals.checks import Audit

log = logging.getLogger(__name__)

LOUD = {"error": logging.ERROR, "warning": logging.WARNING, "info": logging.INFO}
GRAVEST = tuple(LOUD)


def say(audit: Audit) -> None:
    """Say how the checks of a run went; the tab Checks beside the log shows what they found."""
    failed = sorted(audit.failed, key=lambda one: (GRAVEST.index(one.severity), one.code))
    log.info("%d checks ran, %d of them found something; the tab Checks shows what", len(audit.results), len(failed))
    for one in failed:
        log.log(
            LOUD[one.severity],
            "%s: found %d, looked at %d: %s (%s)",
            one.severity,
            one.failed,
            one.evaluated,
            one.sentence,
            one.code,
        )
