"""Fetching over real HTTP: politeness, conditions, limits, suspicion, attachments, and files of a folder."""

import gzip
import hashlib
import time
from email.utils import formatdate
from pathlib import Path

import msgspec
import pytest

from annals.archive import Archive
from annals.errors import Unreachable
from annals.fetch import Caller, Fetched, fetch, read_attachments
from annals.model import NoticeRef
from annals.sources import FolderListing, IndexListing, PageSelectors, Politeness, Schedule, Source
from tests.publisher import Answer, Publisher, Request, publisher

QUICK = Politeness(delay_seconds=0, timeout_seconds=5, retries=2, size_limit_mb=1)
BODY = "全年举办科普活动1842场次，" * 40
HTML = {"Content-Type": "text/html"}


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(str(tmp_path / "archive"))


def source_of(listing: IndexListing | FolderListing, page: PageSelectors | None = None) -> Source:
    return Source(
        name="hesheng",
        title="和盛市科学普及协会",
        owner="数据组",
        schedule=Schedule(cron="@daily"),
        listing=listing,
        politeness=QUICK,
        page=page or PageSelectors(text="#zoom"),
        runbook="看一看。",
    )


def get(site: Publisher, path: str, archive: Archive, page: PageSelectors | None = None, **listing: str) -> Fetched:
    source = source_of(IndexListing(url=f"{site.url}/", item="li", **listing), page)  # type: ignore[arg-type]
    ref = NoticeRef(source="hesheng", url=site.url + path, title="2023年工作要点")
    with Caller(QUICK) as caller:
        return fetch(ref, source, archive, caller)


def article(body: str) -> str:
    return f'<!DOCTYPE html><html><head><title>通知</title></head><body><div id="zoom">{body}</div></body></html>'


# --- captures --------------------------------------------------------------------------------------


def test_the_bytes_are_kept_as_they_came(archive: Archive) -> None:
    data = article(BODY).encode("gb18030")
    with publisher(
        {"/2023/t1.html": Answer(data, headers={"Content-Type": "text/html; charset=gb2312", "ETag": '"1"'})}
    ) as site:
        found = get(site, "/2023/t1.html", archive)
    (capture,) = found.captures
    assert found.change == "new" and found.cautions == ()
    assert archive.get(capture.path) == data
    assert capture.sha256 == hashlib.sha256(data).hexdigest()
    assert (capture.size, capture.media_type, capture.name) == (len(data), "text/html", "t1.html")
    assert capture.headers["etag"] == '"1"' and capture.notice.title == "2023年工作要点"
    assert capture.notice_id == found.notice_id and capture.attachment_of is None
    assert capture.fetched_at.utcoffset() is not None


def test_a_page_that_did_not_change_is_not_sent_again(archive: Archive) -> None:
    def conditional(request: Request) -> Answer:
        if request.headers.get("if-none-match") == '"v1"' and "if-modified-since" in request.headers:
            return Answer(status=304)
        return Answer(
            article(BODY).encode(), headers=HTML | {"ETag": '"v1"', "Last-Modified": formatdate(0, usegmt=True)}
        )

    with publisher({"/a.html": conditional}) as site:
        first = get(site, "/a.html", archive)
        again = get(site, "/a.html", archive)
        assert (first.change, again.change) == ("new", "unchanged")
        assert again.captures == first.captures
        assert site.asked("/a.html") == 2 and "if-none-match" in site.requests[1].headers


def test_a_lost_archive_is_filled_again_whatever_the_server_remembers(archive: Archive, tmp_path: Path) -> None:
    page = Answer(article(BODY).encode(), headers=HTML | {"ETag": '"v1"'})
    with publisher(
        {"/a.html": lambda request: Answer(status=304) if "if-none-match" in request.headers else page}
    ) as site:
        first = get(site, "/a.html", archive)
        (tmp_path / "archive" / first.captures[0].path).unlink()
        again = get(site, "/a.html", archive)
    assert again.change == "new" and archive.get(again.captures[0].path) == page.body


def test_a_page_revised_in_place_is_a_new_version_of_the_same_notice(archive: Archive) -> None:
    with publisher({"/a.html": [article(BODY), article(BODY), article(BODY + "（修订）")]}) as site:
        first, same, revised = (get(site, "/a.html", archive) for _ in range(3))
    assert [one.change for one in (first, same, revised)] == ["new", "unchanged", "changed"]
    assert revised.notice_id == first.notice_id
    assert archive.get(first.captures[0].path) != archive.get(revised.captures[0].path)


def test_a_notice_that_is_no_longer_there(archive: Archive) -> None:
    with publisher({"/a.html": [article(BODY), Answer(b"gone", 410)]}) as site:
        first = get(site, "/a.html", archive)
        gone = get(site, "/a.html", archive)
    assert (gone.change, gone.captures) == ("withdrawn", ())
    assert archive.exists(first.captures[0].path)


def test_fetched_goes_through_json(archive: Archive) -> None:
    with publisher({"/a.html": article(BODY)}) as site:
        found = get(site, "/a.html", archive)
    assert msgspec.json.decode(msgspec.json.encode(found), type=Fetched) == found


@pytest.mark.parametrize(
    ("path", "headers", "name"),
    [
        ("/files/%E9%80%9A%E7%9F%A5.pdf", {"Content-Type": "application/pdf"}, "通知.pdf"),
        ("/show", {"Content-Type": "application/pdf"}, "show.pdf"),
        ("/show/", {"Content-Type": "text/html;charset=utf-8"}, "show.html"),
        ("/down", {"Content-Disposition": "attachment; filename*=UTF-8''%E8%A6%81%E7%82%B9.docx"}, "要点.docx"),
        ("/down", {"Content-Disposition": 'attachment; filename="../../x.doc"'}, ".._.._x.doc"),
        ("/", {"Content-Type": "text/plain"}, "index.txt"),
    ],
)
def test_names_tell_the_format(path: str, headers: dict[str, str], name: str, archive: Archive) -> None:
    with publisher({path: Answer(b"x", headers=headers)}) as site:
        assert get(site, path, archive).captures[0].name == name


def test_a_name_sent_in_gbk_bytes(archive: Archive) -> None:
    header = 'attachment; filename="工作要点的通知.pdf"'.encode("gb18030").decode("latin-1")
    with publisher({"/d": Answer(b"%PDF-1.4", headers={"Content-Disposition": header})}) as site:
        assert get(site, "/d", archive).captures[0].name == "工作要点的通知.pdf"


# --- calling ---------------------------------------------------------------------------------------


def waits(politeness: Politeness, url: str) -> tuple[list[float], str]:
    """How long the caller would have slept, and what it said in the end."""
    slept: list[float] = []
    with Caller(politeness, sleep=slept.append) as caller:
        try:
            said = caller.get(url).body.decode()
        except Unreachable as error:
            said = str(error)
            assert "\n" not in said
    return slept, said


def test_a_server_that_recovers(archive: Archive) -> None:
    page = [Answer(b"", 500), Answer(drop=True), Answer(article(BODY).encode(), headers=HTML)]
    with publisher({"/a.html": page}) as site:
        assert get(site, "/a.html", archive).change == "new"
        assert site.asked("/a.html") == 3


def test_retries_wait_longer_each_time_and_end() -> None:
    patient = Politeness(delay_seconds=2, timeout_seconds=5, retries=3)
    with publisher({"/a": Answer(b"", 502)}) as site:
        slept, said = waits(patient, f"{site.url}/a")
        assert said == f"{site.url}/a: answers 502 (4 tries)"
        assert site.asked("/a") == 4
    # Between the tries lie the growing waits; what else is slept keeps the distance between requests.
    assert [wait for wait in slept if wait in (2, 4, 8)] == [2, 4, 8]


def test_retry_after_is_obeyed_and_not_for_ever() -> None:
    with publisher({"/a": [Answer(b"", 429, {"Retry-After": "7"}), b"ok"]}) as site:
        assert waits(QUICK, f"{site.url}/a") == ([7.0], "ok")
    later = formatdate(time.time() + 30, usegmt=True)
    with publisher({"/a": [Answer(b"", 503, {"Retry-After": later}), b"ok"]}) as site:
        slept, said = waits(QUICK, f"{site.url}/a")
        assert said == "ok" and 25 < slept[0] <= 30
    with publisher({"/a": Answer(b"", 503, {"Retry-After": "86400"})}) as site:
        slept, said = waits(QUICK, f"{site.url}/a")
        assert slept == [] and "asks to wait 86400 s; try again later" in said


@pytest.mark.parametrize("status", [400, 401, 403, 204])
def test_an_answer_that_will_not_change_is_not_asked_for_again(status: int) -> None:
    with publisher({"/a": Answer(b"", status)}) as site:
        assert waits(QUICK, f"{site.url}/a") == ([], f"{site.url}/a: answers {status}")
        assert site.asked("/a") == 1


def test_requests_keep_their_distance() -> None:
    slow = Politeness(delay_seconds=3, timeout_seconds=5)
    slept: list[float] = []
    with publisher({"/a": b"1", "/b": b"2"}) as site, Caller(slow, sleep=slept.append) as caller:
        caller.get(f"{site.url}/a")
        caller.get(f"{site.url}/b")
    assert len(slept) == 1 and 2 < slept[0] <= 3


def test_nobody_there(archive: Archive) -> None:
    with publisher({}) as site:
        pass
    with pytest.raises(Unreachable, match=r"no answer: .* \(3 tries\)"):
        get(site, "/a.html", archive)


def test_an_answer_cut_short_is_no_answer(archive: Archive) -> None:
    with publisher({"/a.html": Answer(article(BODY).encode(), cut=True)}) as site:
        with pytest.raises(Unreachable, match="no answer"):
            get(site, "/a.html", archive)
        assert site.asked("/a.html") == 3
    assert archive.list("raw") == ()


def test_redirects_are_followed_and_relative_links_with_them(archive: Archive) -> None:
    page = article('见附件。<a href="x.pdf">附件</a>')
    pages = {"/old": Answer(b"", 301, {"Location": "/mid"}), "/mid": Answer(b"", 302, {"Location": "new/t.html"})}
    with publisher(pages | {"/new/t.html": page, "/new/x.pdf": b"%PDF-1.4"}) as site:  # type: ignore[arg-type]
        found = get(site, "/old", archive)
    assert [capture.name for capture in found.captures] == ["t.html", "x.pdf"]
    assert found.captures[0].final_url.endswith("/new/t.html")


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://a.invalid/x", "javascript:alert(1)", "http://[x"])
def test_redirects_stay_within_http(target: str, archive: Archive) -> None:
    with (
        publisher({"/a": Answer(b"", 302, {"Location": target})}) as site,
        pytest.raises(Unreachable, match=r"/a: (redirects to .* no http or https address|For absolute URLs)"),
    ):
        get(site, "/a", archive)


def test_redirects_in_a_circle(archive: Archive) -> None:
    with (
        publisher({"/a": Answer(b"", 302, {"Location": "/a"})}) as site,
        pytest.raises(Unreachable, match="redirects more than 8 times"),
    ):
        get(site, "/a", archive)


def test_too_large_is_not_kept(archive: Archive) -> None:
    big = b"x" * (1024 * 1024 + 1)
    packed = Answer(
        gzip.compress(b"0" * 20_000_000), headers={"Content-Encoding": "gzip", "Content-Type": "text/plain"}
    )
    assert len(packed.body) < 1024 * 1024
    with publisher({"/big.pdf": big, "/bomb.txt": packed}) as site:
        for path in ("/big.pdf", "/bomb.txt"):
            with pytest.raises(Unreachable, match=r"is larger than 1 MB \(politeness\.size_limit_mb\)"):
                get(site, path, archive)
            assert site.asked(path) == 1
    assert archive.list("raw") == ()


def test_a_file_address_in_a_listing_is_not_read(archive: Archive, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("秘密", encoding="utf-8")
    source = source_of(IndexListing(url="http://hesheng.invalid/", item="li"))
    with Caller(QUICK) as caller, pytest.raises(Unreachable, match="is a file of this machine"):
        fetch(NoticeRef(source="hesheng", url=secret.as_uri()), source, archive, caller)


# --- suspicion -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "page", "code"),
    [
        ("/a.html", "<html><title>统一身份认证</title><form><input type=password></form></html>", "login_page"),
        ("/a.html", "<!doctype html><title>用户登录</title><p>请登录后查看</p>", "login_page"),
        ("/a.html", "<html><title>提示</title><p>您访问的页面不存在或已删除</p></html>", "error_page"),
        ("/a.html", "<html><title>404</title><p>返回首页</p></html>", "error_page"),
        ("/a.html", "\ufeff<html><title>系统繁忙</title></html>", "error_page"),
        ("/a.pdf", article(BODY), "not_the_document"),
    ],
)
def test_pages_that_are_not_the_document_are_suspected(path: str, page: str, code: str, archive: Archive) -> None:
    with publisher({path: page}) as site:
        found = get(site, path, archive)
        again = get(site, path, archive)
    assert [caution.code for caution in found.cautions] == [code]
    assert again.cautions == found.cautions == found.captures[0].cautions


@pytest.mark.parametrize(
    "page",
    [
        article(BODY + "系统错误率下降31.6%，404所学校开展登录培训。"),
        article(f"<p>{BODY}</p>") + "<form>用户登录<input type=password></form>",
        article("6月1日起施行。"),
    ],
)
def test_ordinary_pages_are_not_suspected(page: str, archive: Archive) -> None:
    with publisher({"/a.html": page}) as site:
        assert get(site, "/a.html", archive).cautions == ()


# --- attachments -----------------------------------------------------------------------------------

LINKS = (
    '<a href="/f/1.pdf">附件1</a><a href="/f/2.docx">附件2</a>'
    '<a href="/f/1.pdf#page=2">附件1</a><a href="/b.html">下一篇</a>'
)


def test_a_page_that_only_points_brings_its_attachments(archive: Archive) -> None:
    pages = {"/a.html": article("现予公布，见附件。" + LINKS), "/f/1.pdf": b"%PDF-1.4 x", "/f/2.docx": b"PK\x03\x04"}
    with publisher(pages) as site:  # type: ignore[arg-type]
        found = get(site, "/a.html", archive)
        again = get(site, "/a.html", archive)
        pages["/f/2.docx"] = b"PK\x03\x04 revised"
        revised = get(site, "/a.html", archive)
        assert site.asked("/b.html") == 0
    page, first, second = found.captures
    assert (first.name, second.name) == ("1.pdf", "2.docx")
    assert first.attachment_of == second.attachment_of == page.notice_id == found.notice_id
    assert len({page.notice_id, first.notice_id, second.notice_id}) == 3
    assert second.notice.title == "附件2"
    assert (again.change, again.captures) == ("unchanged", found.captures)
    assert revised.change == "changed"


def test_a_page_that_speaks_for_itself_keeps_its_attachments_to_itself(archive: Archive) -> None:
    with publisher({"/a.html": article(BODY + LINKS), "/f/1.pdf": b"%PDF-1.4", "/f/2.docx": b"PK"}) as site:
        assert len(get(site, "/a.html", archive).captures) == 1
        assert len(get(site, "/a.html", archive, PageSelectors(text="#zoom", follow="always")).captures) == 3


def test_an_attachment_that_is_missing_is_said_and_the_rest_kept(archive: Archive) -> None:
    with publisher({"/a.html": article("见附件。" + LINKS), "/f/2.docx": b"PK", "/f/1.pdf": Answer(b"", 403)}) as site:
        found = get(site, "/a.html", archive)
    assert [capture.name for capture in found.captures] == ["a.html", "2.docx"]
    assert [caution.code for caution in found.cautions] == ["attachment_unreachable"]
    assert "/f/1.pdf: answers 403" in found.cautions[0].message


def test_which_links_are_attachments() -> None:
    listing = IndexListing(url="http://www.hesheng.invalid/", item="li", hosts=("files.hesheng.invalid",))
    html = article(
        '<a href="/1.PDF">一</a><a href="https://files.hesheng.invalid/2.xlsx?v=1">二</a>'
        '<a href="http://elsewhere.invalid/3.pdf">三</a><a class="file" href="/down?id=4">四</a>'
        '<a href="mailto:a@b.c">信</a>'
    )

    def urls(page: PageSelectors) -> list[str]:
        found = read_attachments(html, "http://www.hesheng.invalid/gk/a.html", source_of(listing, page))
        return [one.url.rpartition("/")[2] for one in found]

    assert urls(PageSelectors()) == ["1.PDF", "2.xlsx?v=1"]
    assert urls(PageSelectors(attachments="a.file")) == ["down?id=4"]
    assert urls(PageSelectors(follow="never")) == []


# --- folders ---------------------------------------------------------------------------------------


def test_files_of_a_folder(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "文 件"
    folder.mkdir()
    paper = folder / "2023年 工作要点.txt"
    paper.write_bytes(BODY.encode("gb18030"))
    source = source_of(FolderListing(path=str(folder)))
    ref = NoticeRef(source="hesheng", url=paper.as_uri())
    with Caller(QUICK) as caller:
        found = fetch(ref, source, archive, caller)
        assert (found.captures[0].name, found.captures[0].media_type) == (paper.name, "text/plain")
        assert archive.get(found.captures[0].path) == paper.read_bytes()
        assert fetch(ref, source, archive, caller).change == "unchanged"
        paper.write_bytes(b"")
        assert fetch(ref, source, archive, caller).captures[0].size == 0
        paper.write_bytes(b"x" * (1024 * 1024 + 1))
        with pytest.raises(Unreachable, match="is larger than 1 MB"):
            fetch(ref, source, archive, caller)
        paper.unlink()
        assert fetch(ref, source, archive, caller).change == "withdrawn"
        paper.mkdir()
        with pytest.raises(Unreachable, match="cannot be read: Is a directory"):
            fetch(ref, source, archive, caller)
