"""What the log of an audit says of its checks."""

import logging

import pytest

from annals.checks import Audit, Result


def test_each_check_that_found_something_is_a_line_as_loud_as_it_is_grave(caplog: pytest.LogCaptureFixture) -> None:
    from annals_airflow.checks import say

    def result(code: str, severity: str, failed: int) -> Result:
        return Result(
            code=code,
            kind="rule",
            subject="notice",
            sentence=f"Of {code}.",
            severity=severity,  # type: ignore[arg-type]
            evaluated=13,
            failed=failed,
            seconds=0.1,
        )

    results = (
        result("crowd", "warning", 2),
        result("named_count", "warning", 0),
        result("share_within_0_100", "error", 1),
    )
    with caplog.at_level(logging.INFO, "annals_airflow.checks"):
        say(Audit(run_id="one", results=results, errors=1, warnings=2, infos=0))
    assert [record.levelname for record in caplog.records] == ["INFO", "ERROR", "WARNING"]
    assert caplog.messages[0].startswith("3 checks ran, 2 of them found something")
    assert caplog.messages[1] == "error: found 1, looked at 13: Of share_within_0_100. (share_within_0_100)"
