"""A person's word on a run: when it is asked for, what is shown, and what comes of yes, no and silence."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec import structs
from msgspec.structs import replace

from annals import approval, warehouse
from annals.approval import Brief, Change, Check, Question, body_of, escaped
from annals.approval import Fault as Found
from annals.errors import AnnalsError, AuditIncomplete, NotApproved
from annals.settings import PROJECT, Settings
from annals.warehouse.connect import Connection
from tests.reviewing import NEXT_YEAR, Fault, audit, press, publish

RUN, NEXT = "ingest_yunchuan/first", "ingest_yunchuan/second"
PRESS = press()
SHARE = Fault("share_within_0_100", PRESS, 1)
MONEY = Fault("jump", PRESS, 2, "warning")
CHECKS, RUNBOOK = "http://ui.invalid/dags/d/runs/r/plugin/run_checks", "http://ui.invalid/dags/d"
HOSTILE = "|[x](http://evil.invalid)<img src=x onerror=a()>![i](http://evil.invalid/i.png)\n# `a` **b**\n\n1. <b>&lt;"

markdown = MarkdownIt("commonmark").enable(["table", "strikethrough"])
Ask = Callable[..., Question | None]


@pytest.fixture
def ask(warehouse: Settings, tmp_path: Path) -> Ask:
    """Asks about a run of yunchuan, under the YAML that `approval` makes."""
    sources = tmp_path / "sources"
    sources.mkdir()
    sample = (PROJECT / "include" / "sources" / "yunchuan.yaml").read_text(encoding="utf-8")

    def asking(run: str, mode: str = "always") -> Question | None:
        (sources / "yunchuan.yaml").write_text(f"{sample}\napproval: {mode}\n", encoding="utf-8")
        settings = structs.replace(warehouse, sources=sources)
        return approval.ask(settings, "yunchuan", run, checks=CHECKS, runbook=RUNBOOK)

    return asking


def count(connection: Connection, table: str) -> int:
    row = connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()
    assert row
    return int(row[0])


def test_the_question_says_what_is_staged_and_what_was_found(connection: Connection, ask: Ask) -> None:
    publish(connection, RUN, [PRESS, press("old")])
    changed = press(day=2, opening="宣传栏遍布各村。")
    anew = press("old", day=2)
    unread = replace(press("scan", day=2), unreadable="is empty", figures=(), text="", passages=())
    faults = [Fault("share_within_0_100", changed, 1), Fault("jump", changed, 2, "warning"), Fault("jump", anew, 2)]
    audit(connection, NEXT, [changed, anew, unread, press("new", day=2)], faults)
    question = ask(NEXT)
    assert question
    assert question.subject == "云川市科学普及协会: publish 4 notices with 9 figures?"
    assert question.brief.changes == (
        Change(kind="new", notices=1, figures=3, withheld=0),
        Change(kind="changed", notices=1, figures=3, withheld=1),
        Change(kind="read_anew", notices=1, figures=3, withheld=1),
        Change(kind="unreadable", notices=1, figures=0, withheld=0),
    )
    assert question.brief.checks == (
        Check(rule="jump", severity="error", findings=1),
        Check(rule="share_within_0_100", severity="error", findings=1),
        Check(rule="jump", severity="warning", findings=1),
    )
    shown = [one.content for one in markdown.parse(question.body) if one.type == "inline"]
    assert "expected: at most 100%" in shown and "seen: 118%" in shown
    assert PRESS.figures[1].quote in shown
    assert {CHECKS, RUNBOOK} <= links(question.body)


def test_an_error_without_a_figure_withholds_its_whole_notice(connection: Connection, ask: Ask) -> None:
    audit(connection, RUN, [PRESS], [Fault("notice_dates_agree", PRESS, None)])
    question = ask(RUN)
    assert question and (question.brief.figures, question.brief.withheld) == (3, 3)


@pytest.mark.parametrize(
    ("mode", "faults", "asked"),
    [
        ("always", [], True),
        ("always", [SHARE], True),
        ("on_errors", [MONEY], False),
        ("on_errors", [SHARE, MONEY], True),
        ("never", [SHARE], False),
    ],
)
def test_whether_a_person_is_asked(
    connection: Connection, ask: Ask, mode: str, faults: list[Fault], asked: bool
) -> None:
    audit(connection, RUN, [PRESS], faults)
    assert (ask(RUN, mode) is not None) is asked
    if not asked:
        assert warehouse.publish(connection, RUN).figures == 3


def test_nothing_new_is_nothing_to_approve(connection: Connection, ask: Ask) -> None:
    publish(connection, RUN, [PRESS], [SHARE])
    audit(connection, NEXT, [], [])
    assert ask(NEXT) is None


def test_a_published_run_is_not_asked_about(connection: Connection, ask: Ask) -> None:
    audit(connection, RUN, [PRESS], [SHARE])
    warehouse.publish(connection, RUN)
    assert ask(RUN) is None


def test_what_people_have_settled_is_no_reason_to_ask_again(
    connection: Connection, ask: Ask, warehouse: Settings
) -> None:
    from annals.review.settle import settle

    publish(connection, RUN, [PRESS], [SHARE])
    settle(connection, SHARE.finding_id, "dismissed", who="wang", reason="as printed", expires=NEXT_YEAR)
    audit(connection, NEXT, [press(day=2)], [SHARE])
    assert ask(NEXT, "on_errors") is None
    question = ask(NEXT, "always")
    assert question and question.brief.withheld == 0 and question.brief.checks == ()
    assert "Nothing that is not settled already." in question.body


def test_a_run_that_was_asked_about_is_published_once_somebody_approves(
    connection: Connection, ask: Ask, warehouse: Settings
) -> None:
    from annals.warehouse import publish as publish_run

    audit(connection, RUN, [PRESS], [SHARE])
    assert ask(RUN)
    with pytest.raises(NotApproved, match="nobody has approved"):
        publish_run(connection, RUN)
    assert count(connection, "core.figure") == count(connection, "core.publication") == 0
    assert approval.waits(warehouse, RUN)
    approval.answer(warehouse, RUN, approved=True, who="wang", note=" as every\nyear ")
    assert not approval.waits(warehouse, RUN)
    assert publish_run(connection, RUN).figures == 3
    kept = connection.execute(
        "SELECT approved, answered_by, note, answered_at >= asked_at FROM core.approval"
    ).fetchone()
    assert kept == (True, "wang", "as every year", True)


def test_an_approval_holds_for_the_audit_it_was_given_on(connection: Connection, ask: Ask, warehouse: Settings) -> None:
    from annals.warehouse import publish as publish_run

    audit(connection, RUN, [PRESS], [SHARE])
    assert ask(RUN)
    approval.answer(warehouse, RUN, approved=True, who="wang")
    connection.execute("UPDATE audit.audit SET finished_at = clock_timestamp()")
    with pytest.raises(NotApproved):
        publish_run(connection, RUN)
    assert ask(RUN)
    approval.answer(warehouse, RUN, approved=True, who="li")
    assert publish_run(connection, RUN).figures == 3


@pytest.mark.parametrize(
    ("note", "reason"),
    [("口径\n待核", "rejected by wang: 口径 待核"), ("", "rejected by wang, who left no note")],
)
def test_a_rejected_run_leaves_nothing_staged_and_cannot_be_published(
    connection: Connection, ask: Ask, warehouse: Settings, note: str, reason: str
) -> None:
    from annals.warehouse import publish as publish_run

    audit(connection, RUN, [PRESS], [SHARE])
    assert ask(RUN)
    with pytest.raises(NotApproved) as raised:
        approval.answer(warehouse, RUN, approved=False, who="wang", note=note)
    assert str(raised.value) == reason
    for table in ("stage.notice", "stage.figure", "stage.finding", "audit.audit", "core.figure"):
        assert count(connection, table) == 0, table
    with pytest.raises(AuditIncomplete):
        publish_run(connection, RUN)
    with pytest.raises(AuditIncomplete, match="stage and audit it again"):
        ask(RUN)
    publish(connection, NEXT, [PRESS], [SHARE])
    assert count(connection, "core.figure") == 3


def test_silence_is_a_no(connection: Connection, ask: Ask, warehouse: Settings, tmp_path: Path) -> None:
    audit(connection, RUN, [PRESS], [SHARE])
    assert ask(RUN)
    settings = structs.replace(warehouse, sources=tmp_path / "sources")
    with pytest.raises(NotApproved, match="nobody answered within 72 hours; nothing is published, the next run takes"):
        approval.give_up(settings, "yunchuan", RUN)
    assert count(connection, "stage.figure") == 0


def test_airflow_goes_on_showing_the_first_question_so_another_one_is_refused(connection: Connection, ask: Ask) -> None:
    audit(connection, RUN, [PRESS], [SHARE])
    first = ask(RUN)
    assert ask(RUN) == first, "the same question may be put again"
    warehouse.stage(connection, RUN, [press("late")])
    with pytest.raises(AuditIncomplete):
        ask(RUN)
    connection.execute("INSERT INTO audit.audit (run_id, started_at, finished_at) VALUES (%s, now(), now())", (RUN,))
    with pytest.raises(AnnalsError, match="begin a new run instead"):
        ask(RUN)


def test_an_answer_to_what_was_never_asked_is_an_error(connection: Connection, warehouse: Settings) -> None:
    audit(connection, RUN, [PRESS])
    with pytest.raises(AnnalsError, match="never asked about"):
        approval.answer(warehouse, RUN, approved=True, who="wang")


def test_a_published_run_cannot_be_discarded(connection: Connection) -> None:
    audit(connection, RUN, [PRESS])
    warehouse.publish(connection, RUN)
    with pytest.raises(AnnalsError, match="is published"):
        warehouse.discard_stage(connection, RUN)
    assert count(connection, "stage.figure") == 3


def flat(tokens: list[Token]) -> list[Token]:
    return [one for token in tokens for one in (token, *flat(token.children or []))]


def links(body: str) -> set[str]:
    return {str(one.attrs["href"]) for one in flat(markdown.parse(body)) if one.type == "link_open"}


MARKUP = st.text(
    st.one_of(st.sampled_from("\\`*_{}[]()<>#+-.!|~&;:1 \n\t甲"), st.characters(exclude_categories=["Cs", "Cc"]))
)


@given(MARKUP, st.sampled_from(["{}", "> {}", "1. x: {}", "| a |\n| --- |\n| {} |", "[{}](http://x.invalid)"]))
def test_text_of_a_notice_is_shown_and_does_nothing(text: str, place: str) -> None:
    sound = [one.type for one in flat(markdown.parse(place.format("甲")))]
    shown = flat(markdown.parse(place.format(escaped(f"甲{text}", 1000))))
    assert [one.type for one in shown] == sound
    assert " ".join(f"甲{text}".split()) in "".join(one.content for one in shown if one.type == "text")


@given(MARKUP.filter(lambda text: bool(text.strip())))
def test_nor_at_the_beginning_of_a_line(text: str) -> None:
    shown = flat(markdown.parse(escaped(text, 1000)))
    assert [one.type for one in shown] == ["paragraph_open", "inline", "text", "paragraph_close"]
    assert shown[2].content == " ".join(text.split())


def test_a_hostile_notice_makes_no_link_picture_or_tag() -> None:
    fault = Found(
        rule="jump",
        severity="error",
        notice_id="n",
        title=HOSTILE,
        url="http://x.invalid/a) <b>[evil](http://evil.invalid)",
        message=HOSTILE,
        expected=HOSTILE,
        seen=HOSTILE,
        evidence=HOSTILE,
        action="",
    )
    sly = replace(fault, url="javascript:alert(1)")
    brief = Brief(
        title=HOSTILE,
        changes=(Change(kind="new", notices=1, figures=2, withheld=1),),
        checks=(Check(rule="jump", severity="error", findings=2),),
        worst=(fault, sly),
    )
    body = body_of(brief, hours=1.5, checks=CHECKS, runbook=RUNBOOK)
    tokens = flat(markdown.parse(body))
    assert {one.type for one in tokens} & {"html_block", "html_inline", "image", "code_block", "fence"} == set()
    assert len(links(body)) == 3 and not any("evil" in link.partition("/a")[0] for link in links(body))
    assert len([one for one in tokens if one.type == "list_item_open"]) == 2
    assert "1.5 hours" in body


def test_long_sentences_and_many_findings_stay_readable() -> None:
    assert len(escaped("长" * 5000)) == approval.QUOTED
