"""The audit of a run between staging and publishing, and what it found.

    audit = checks.audit(connection, run_id)     # raises AuditIncomplete where a check did not run to its end

Two kinds of checks, each with a code, a severity and words (include/words/checks): expectations over the columns of a
staged table (include/expectations/*.json, run by Great Expectations as SQL in PostgreSQL), and rules over documents and
years (annals/checks/rules/), which no table check can see. What they find stands in stage.finding until publish merges
it; how each check went stays in audit.result.
"""

from annals.checks.auditing import Audit, audit
from annals.checks.rule import Result

__all__ = ["Audit", "Result", "audit"]
