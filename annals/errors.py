"""What can go wrong, as few kinds as callers tell apart."""


class AnnalsError(Exception):
    """The base of all errors that annals raises on purpose; its text is one line a person can act on."""


class ConfigurationError(AnnalsError):
    """A setting or a YAML file is wrong; the text says which file, which key and what was expected."""


class Unreadable(AnnalsError):
    """A document cannot become text; `reason` says why, in one line. It is kept and listed; the batch goes on."""

    def __init__(self, reason: str) -> None:
        line = " ".join(reason.split())
        super().__init__(line)
        self.reason = line


class Unreachable(AnnalsError):
    """A publisher, the archive or the warehouse did not answer; worth another try later."""


class LayoutChanged(AnnalsError):
    """A publisher's listing no longer looks as its YAML says; trying again does not help, changing the YAML does."""


class AuditIncomplete(AnnalsError):
    """A check did not run to its end; nothing of the run may be published."""


class NotApproved(AnnalsError):
    """A run whose source wants a person's word has none, or a no; nothing of it may be published."""
