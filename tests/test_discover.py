"""Listings as publishers make them, over real HTTP, and folders."""

import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from annals.discover import Discovery, discover, read_listing
from annals.errors import AnnalsError, ConfigurationError, LayoutChanged, Unreachable
from annals.fetch import Caller
from annals.model import Response
from annals.sources import FolderListing, IndexListing, Politeness, Schedule, Source, notice_id
from tests.publisher import Answer, Page, Publisher, publisher

QUICK = Politeness(delay_seconds=0, timeout_seconds=5, retries=1)


def source_of(listing: IndexListing | FolderListing) -> Source:
    return Source(
        name="hesheng",
        title="和盛市科学普及协会",
        owner="数据组",
        schedule=Schedule(cron="@daily"),
        listing=listing,
        politeness=QUICK,
        runbook="看一看。",
    )


def page(*entries: tuple[str, str], next_href: str | None = None, charset: str = "utf-8") -> bytes:
    items = "".join(
        f'<li><a href="{href}">{title}</a><span>2023-04-{12 + n}</span></li>' for n, (href, title) in enumerate(entries)
    )
    following = f'<a class="next" href="{next_href}">下一页</a>' if next_href else ""
    declared = "gb2312" if charset == "gb18030" else charset
    text = f'<html><head><meta charset="{declared}"></head><body><ul class="list">{items}</ul>{following}</body></html>'
    return text.encode(charset)


def read(site: Publisher, known: tuple[str, ...] = (), **changes: object) -> Discovery:
    settings = {"url": f"{site.url}/gk/", "item": "ul.list > li", "date": "span", "next": "a.next"} | changes
    source = source_of(IndexListing(**settings))  # type: ignore[arg-type]
    with Caller(QUICK) as caller:
        return discover(source, known, caller.get)


@pytest.fixture
def three_pages() -> Iterator[Publisher]:
    pages: dict[str, Page] = {
        "/gk/": page(("a.html", "甲"), ("b.html", "乙"), next_href="index_1.html"),
        "/gk/index_1.html": page(("/gk/c.html#top", "丙"), ("b.html", "乙"), next_href="index_2.html"),
        "/gk/index_2.html": page(("d.html", "丁")),
    }
    with publisher(pages) as site:
        yield site


def test_all_pages_are_read_and_each_notice_comes_once(three_pages: Publisher) -> None:
    found = read(three_pages)
    assert [ref.title for ref in found.notices] == ["甲", "乙", "丙", "丁"]
    assert [ref.url.removeprefix(three_pages.url) for ref in found.new] == [f"/gk/{x}.html" for x in "abcd"]
    assert found.notices[1].published_on == date(2023, 4, 13)
    assert (found.pages, found.seen, found.ignored, found.complete, found.cautions) == (3, 5, 0, True, ())


def test_known_notices_are_no_news_and_missing_ones_are_gone(three_pages: Publisher) -> None:
    first = read(three_pages)
    source = source_of(IndexListing(url=f"{three_pages.url}/gk/", item="li"))
    ids = [notice_id(source, ref.url) for ref in first.notices]
    again = read(three_pages, known=(*ids, "hesheng-withdrawn-0000"))
    assert again.new == () and len(again.notices) == 4
    assert again.gone == ("hesheng-withdrawn-0000",)


def test_paging_is_bounded_and_says_so(three_pages: Publisher) -> None:
    found = read(three_pages, max_pages=2, known=("hesheng-old-0000",))
    assert found.pages == 2 and not found.complete
    assert [caution.code for caution in found.cautions] == ["listing_cut"]
    assert found.gone == ()  # what lies on the pages not read is not gone
    assert read(three_pages, max_pages=3).complete


def test_pages_that_lead_in_a_circle() -> None:
    with publisher(
        {"/gk/": page(("a.html", "甲"), next_href="2.html"), "/gk/2.html": page(("b.html", "乙"), next_href="./")}
    ) as site:
        found = read(site)
        assert [ref.title for ref in found.notices] == ["甲", "乙"]
        assert found.complete and len(site.requests) == 2


def test_pages_numbered_by_a_script_end_where_the_server_has_no_more(three_pages: Publisher) -> None:
    found = read(three_pages, next=None, pages="index_{page}.html", second_page=1)
    assert len(found.notices) == 4 and found.pages == 3 and found.complete
    assert three_pages.asked("/gk/index_3.html") == 1


def test_pages_numbered_by_a_script_end_where_the_server_repeats_itself() -> None:
    with publisher({"/gk/": page(("a.html", "甲")), "/gk/?p=2": page(("a.html", "甲"))}) as site:
        found = read(site, next=None, pages="?p={page}")
        assert len(found.notices) == 1 and found.seen == 1 and found.complete


def test_a_gb18030_listing_that_says_gb2312() -> None:
    with publisher({"/gk/": page(("a.html", "关于㛃川镇科普工作的通知"), charset="gb18030")}) as site:
        assert read(site).notices[0].title == "关于㛃川镇科普工作的通知"


@pytest.mark.parametrize(
    ("body", "changes", "expected"),
    [
        (page(("a.html", "甲")), {"item": "tr.row"}, "nothing matches 'tr.row'; set listing.item anew"),
        (page(("a.html", "甲")), {"link": "a.title"}, "1 items match 'ul.list > li', but 'a.title' finds no link"),
        (b"<html><body>" + "系统维护".encode() + b"</body></html>", {}, "nothing matches 'ul.list > li'"),
        (b"", {}, "nothing matches"),
    ],
)
def test_no_entries_on_the_first_page_is_a_changed_layout(body: bytes, changes: dict[str, str], expected: str) -> None:
    with publisher({"/gk/": body}) as site, pytest.raises(LayoutChanged, match="the layout of") as raised:
        read(site, **changes)
    assert expected in str(raised.value) and "\n" not in str(raised.value)


def test_a_listing_that_has_moved_away_and_one_that_is_no_page() -> None:
    with publisher({}) as site, pytest.raises(LayoutChanged, match=r"answers 404; if it has moved, set listing\.url"):
        read(site)
    with (
        publisher({"/gk/": random.Random(1).randbytes(4000)}) as site,
        pytest.raises(LayoutChanged, match="is no web page"),
    ):
        read(site)


def test_a_server_that_fails_is_unreachable_not_changed() -> None:
    with publisher({"/gk/": Answer(b"", 503)}) as site, pytest.raises(Unreachable, match=r"answers 503 \(2 tries\)"):
        read(site)


def test_a_later_page_that_fails_keeps_what_was_found() -> None:
    with publisher({"/gk/": page(("a.html", "甲"), next_href="2.html")}) as site:
        found = read(site, known=("hesheng-old-0000",))
    assert [ref.title for ref in found.notices] == ["甲"]
    assert not found.complete and found.gone == ()
    assert found.cautions[0].code == "listing_broken" and "2.html, answers 404" in found.cautions[0].message


def test_links_off_the_publishers_host_are_not_followed() -> None:
    entries = (("a.html", "甲"), ("http://169.254.0.1/x.html", "乙"), ("https://files.hesheng.invalid/c.html", "丙"))
    with publisher({"/gk/": page(*entries, next_href="http://elsewhere.invalid/2.html")}) as site:
        found = read(site)
        assert [ref.title for ref in found.notices] == ["甲"]
        assert (found.seen, found.ignored, found.complete) == (3, 2, False)
        assert [caution.code for caution in found.cautions] == ["offsite"] * 3
        more = read(site, hosts=("files.hesheng.invalid",))
        assert [ref.title for ref in more.notices] == ["甲", "丙"]


def test_entries_are_counted_before_they_are_filtered(three_pages: Publisher) -> None:
    found = read(three_pages, ignore=("乙",))
    assert [ref.title for ref in found.notices] == ["甲", "丙", "丁"]
    assert (found.seen, found.ignored) == (5, 2)
    none = read(three_pages, only=("工作要点",))
    assert (none.seen, none.ignored, none.notices) == (5, 5, ())
    assert [caution.code for caution in none.cautions] == ["nothing_kept"]


def test_odd_entries() -> None:
    listing = IndexListing(url="http://www.hesheng.invalid/gk/", item="tr", date="td.d")
    html = """<base href="/files/"><table>
      <tr><td><a href=" a b.html " title="关于印发《2023年工作要点》的通知">关于印发《2023年…</a></td>
          <td class=d>日期：2023/4/9</td></tr>
      <tr><td><a href="javascript:void(0)">打开</a></td></tr>
      <tr><td>无链接</td></tr>
      <tr><td><a href="通知.pdf" title="点击下载">通知 全文</a></td><td class=d>4-9</td></tr>
      <tr><td><a href="http://[bad/x">坏</a></td></tr></table>"""
    found = read_listing(html, listing.url, listing)
    assert found.unusable == 3
    assert [(entry.title, entry.published_on) for entry in found.entries] == [
        ("关于印发《2023年工作要点》的通知", date(2023, 4, 9)),
        ("通知 全文", None),
    ]
    assert found.entries[0].url == "http://www.hesheng.invalid/files/a b.html"


def test_a_folder_is_a_source(tmp_path: Path) -> None:
    (tmp_path / "2023").mkdir()
    for name in ("b.pdf", "a.txt", "2023/c 要点.docx", ".hidden", "2023/.DS_Store"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    source = source_of(FolderListing(path=str(tmp_path)))
    found = discover(source, (), _nobody)
    assert [ref.url for ref in found.notices] == [
        (tmp_path / n).as_uri() for n in ("2023/c 要点.docx", "a.txt", "b.pdf")
    ]
    assert (found.seen, found.ignored, found.complete) == (5, 2, True)
    ids = [notice_id(source, ref.url) for ref in found.notices]
    (tmp_path / "a.txt").unlink()
    again = discover(source, ids, _nobody)
    assert again.new == () and again.gone == (ids[1],)


def test_a_folder_that_is_missing_or_empty(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"nowhere cannot be read .*set listing\.path"):
        discover(source_of(FolderListing(path=str(tmp_path / "nowhere"))), (), _nobody)
    with pytest.raises(AnnalsError, match="no file in"):
        discover(source_of(FolderListing(path=str(tmp_path))), (), _nobody)


def _nobody(url: str) -> Response:
    raise AssertionError(f"asked for {url}")
