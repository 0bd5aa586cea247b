"""An address → bytes, in the archive: the one room that calls publishers, and it does so politely.

with Caller(source.politeness) as caller:
    found = discover(source, known, caller.get)
    for ref in found.notices:
        fetched = fetch(ref, source, archive, caller)
"""

import email.utils
import mimetypes
import re
import time
import urllib.parse
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import httpx
from selectolax.lexbor import LexborHTMLParser

from annals.archive import Archive
from annals.discover import absolute, same_publisher
from annals.errors import Unreachable, Unreadable
from annals.extract.decode import declared_charset, decode
from annals.model import Capture, Caution, NoticeRef, Record, Response
from annals.sources import FolderListing, Politeness, Source, notice_id

AGENT = "annals/0.1 (reads public notices; one request at a time)"
MAX_REDIRECTS = 8
LONGEST_WAIT = 300.0  # seconds that a Retry-After is obeyed within one call

_KEPT_HEADERS = ("content-type", "content-disposition", "content-length", "etag", "last-modified")
_DOCUMENTS = ("pdf", "doc", "docx", "wps", "xls", "xlsx", "et", "ofd", "rtf", "odt", "ods", "csv", "txt")
_POINTER = 200  # characters; a page that says less than this and links documents only points to them
_POINTER_UNSELECTED = 500  # the same where the whole page, menus and all, has to be counted


class Fetched(Record, frozen=True, kw_only=True):
    """A notice's capture and those of its attachments, in the page's order; none when it was `withdrawn`.

    `change` compares with what the archive held. It is for the report: what the warehouse lacks, the warehouse knows.
    """

    notice: NoticeRef
    notice_id: str
    change: Literal["new", "changed", "unchanged", "withdrawn"]
    captures: tuple[Capture, ...] = ()
    cautions: tuple[Caution, ...] = ()


class Caller:
    """Calls a publisher: one request at a time, `delay_seconds` apart, with retries that wait longer each time."""

    def __init__(self, politeness: Politeness, *, sleep: Callable[[float], None] = time.sleep) -> None:
        self._politeness = politeness
        self._sleep = sleep
        self._free_at = 0.0
        self._client = httpx.Client(
            headers={"User-Agent": AGENT, "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"},
            timeout=politeness.timeout_seconds,
            # A proxy of the environment is for the world outside.
            mounts={"all://127.0.0.1": None, "all://localhost": None},
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._client.close()

    def get(self, url: str, headers: dict[str, str] | None = None) -> Response:
        """The answer: status 200 with its body, or 304, 404 or 410. Redirects are followed within http and https.

        Raises Unreachable for all else: no answer, 429 or 5xx after the retries, another status, too large, too slow.
        """
        wait = max(self._politeness.delay_seconds, 0.01)
        for attempt in range(self._politeness.retries + 1):
            last = attempt == self._politeness.retries
            try:
                answer = self._follow(url, headers or {})
            except (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError) as error:
                problem, asked = f"no answer: {str(error) or type(error).__name__}", None
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise Unreachable(f"{url}: {' '.join(str(error).split()) or type(error).__name__}") from error
            else:
                if answer.status in (200, 304, 404, 410):
                    return answer
                problem, asked = f"answers {answer.status}", _retry_after_seconds(answer.headers.get("retry-after"))
                if answer.status not in (408, 429) and answer.status < 500:
                    raise Unreachable(f"{url}: {problem}")
            if asked is not None and asked > LONGEST_WAIT:
                raise Unreachable(f"{url}: {problem} and asks to wait {asked:.0f} s; try again later")
            if not last:
                self._sleep(max(wait * 2**attempt, asked or 0))
        raise Unreachable(f"{url}: {problem} ({self._politeness.retries + 1} tries)")

    def _follow(self, url: str, headers: dict[str, str]) -> Response:
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._ask(url, headers)
            target = answer.headers.get("location")
            if answer.status not in (301, 302, 303, 307, 308) or not target:
                return answer
            following = absolute(url, target)
            if following is None:
                raise Unreachable(f"{url}: redirects to {target!r}, which is no http or https address")
            url = following
        raise Unreachable(f"{url}: redirects more than {MAX_REDIRECTS} times")

    def _ask(self, url: str, headers: dict[str, str]) -> Response:
        """One request. The body is read up to the size limit, and in no more than ten times the time-out."""
        if (wait := self._free_at - time.monotonic()) > 0:
            self._sleep(wait)
        limit = self._politeness.size_limit_mb * 1024 * 1024
        deadline = time.monotonic() + 10 * self._politeness.timeout_seconds
        try:
            with self._client.stream("GET", url, headers=headers) as answer:
                body = bytearray()
                for part in answer.iter_bytes():
                    body += part
                    if len(body) > limit:
                        raise Unreachable(
                            f"{url}: is larger than {self._politeness.size_limit_mb} MB (politeness.size_limit_mb)"
                        )
                    if time.monotonic() > deadline:
                        raise httpx.ReadTimeout("the answer comes too slowly")
                return Response(
                    url=str(answer.url), status=answer.status_code, headers=dict(answer.headers), body=bytes(body)
                )
        finally:
            self._free_at = time.monotonic() + self._politeness.delay_seconds


def _retry_after_seconds(header: str | None) -> float | None:
    """The Retry-After header, which is a number of seconds or a date; None where it is missing or neither.

    >>> _retry_after_seconds("120"), _retry_after_seconds("soon")
    (120.0, None)
    """
    if not header:
        return None
    if header.strip().isdecimal():
        return float(header)
    try:
        moment = email.utils.parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - time.time())


def fetch(ref: NoticeRef, source: Source, archive: Archive, caller: Caller) -> Fetched:
    """Fetch a notice, and its attachments where its page only points to them, into the archive.

    A page that did not change since the last time is not sent again where the server can tell (ETag, Last-Modified).
    Raises Unreachable; what was fetched before that stays in the archive, and fetching again is safe.
    """
    key = notice_id(source, ref.url)
    page, change = _capture(ref, key, None, source, archive, caller)
    if page is None:
        return Fetched(notice=ref, notice_id=key, change="withdrawn")
    captures, cautions = [page], list(page.cautions)
    for link in _attachments(page, source, archive):
        target = NoticeRef(
            source=source.name, url=link.url, title=link.title or ref.title, published_on=ref.published_on
        )
        try:
            attached, attached_change = _capture(target, notice_id(source, link.url), key, source, archive, caller)
        except Unreachable as error:
            cautions.append(Caution(code="attachment_unreachable", message=str(error)))
            continue
        if attached is None:
            cautions.append(Caution(code="attachment_unreachable", message=f"{link.url}: is not there (404)"))
            continue
        captures.append(attached)
        change = "changed" if change == "unchanged" and attached_change != "unchanged" else change
    return Fetched(notice=ref, notice_id=key, change=change, captures=tuple(captures), cautions=tuple(cautions))


Change = Literal["new", "changed", "unchanged"]


def _capture(
    ref: NoticeRef, key: str, attachment_of: str | None, source: Source, archive: Archive, caller: Caller
) -> tuple[Capture | None, Change]:
    """The capture of one address, the earlier one if nothing changed; None where it is no longer there."""
    record = f"captures/{source.name}/{key}.json"
    before = archive.get_json(record, Capture) if archive.exists(record) else None
    if before is not None and not archive.exists(before.path):
        before = None
    answer = _read_file(ref.url, source) if ref.url.startswith("file:") else caller.get(ref.url, _conditions(before))
    if answer.status in (404, 410):
        return None, "unchanged"
    if answer.status == 304:
        if before is None:
            raise Unreachable(f"{ref.url}: answers 304 (not modified) to a request that set no condition")
        return before, "unchanged"
    sha256, path = archive.put(answer.body)
    if before is not None and before.sha256 == sha256 and before.attachment_of == attachment_of:
        return before, "unchanged"
    media_type = _media_type(answer)
    capture = Capture(
        notice=ref,
        notice_id=key,
        sha256=sha256,
        path=path,
        media_type=media_type,
        size=len(answer.body),
        fetched_at=datetime.now(UTC),
        name=_file_name(answer, media_type),
        final_url=answer.url,
        attachment_of=attachment_of,
        headers={name: answer.headers[name] for name in _KEPT_HEADERS if name in answer.headers},
        cautions=suspicions(ref.url, answer),
    )
    archive.put_json(record, capture)
    return capture, "changed" if before is not None else "new"


def _conditions(before: Capture | None) -> dict[str, str]:
    if before is None:
        return {}
    pairs = (("If-None-Match", "etag"), ("If-Modified-Since", "last-modified"))
    return {asked: before.headers[name] for asked, name in pairs if name in before.headers}


def _read_file(url: str, source: Source) -> Response:
    """A file of this machine, as if a server had sent it. Only a folder source may name one."""
    if not isinstance(source.listing, FolderListing):
        raise Unreachable(f"{url}: is a file of this machine, and {source.name} is no folder source; not read")
    path = Path(urllib.parse.unquote(urllib.parse.urlsplit(url).path))
    limit = source.politeness.size_limit_mb * 1024 * 1024
    try:
        if path.stat().st_size > limit:
            raise Unreachable(f"{path}: is larger than {source.politeness.size_limit_mb} MB (politeness.size_limit_mb)")
        return Response(url=url, status=200, headers={}, body=path.read_bytes())
    except FileNotFoundError:
        return Response(url=url, status=404, headers={}, body=b"")
    except OSError as error:
        raise Unreachable(f"{path}: cannot be read: {error.strerror}") from error


# --- what an answer is -----------------------------------------------------------------------------


def _media_type(answer: Response) -> str | None:
    """What the server says it is, if it says something; else what the name's ending says."""
    said = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said and said not in ("application/octet-stream", "binary/octet-stream", "application/x-download"):
        return said
    return mimetypes.guess_type(urllib.parse.urlsplit(answer.url).path)[0]


_ENDINGS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "application/pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}


def _file_name(answer: Response, media_type: str | None) -> str:
    """The name that the server gives, or the address's last part; with the ending of its type where it has none."""
    given = _disposition_name(answer.headers.get("content-disposition", ""))
    last = urllib.parse.unquote(urllib.parse.urlsplit(answer.url).path.rstrip("/").rpartition("/")[2])
    name = re.sub(r"[\x00-\x1f/\\\\]+", "_", given or last or "index")
    ending = _ENDINGS.get(media_type or "", "")
    known = name.lower().endswith(tuple(f".{one}" for one in (*_DOCUMENTS, "html", "htm", "xml", "md")))
    return name if known else name + ending


def _disposition_name(header: str) -> str | None:
    """The file name in a Content-Disposition header, in the encodings that servers use.

    >>> _disposition_name("attachment; filename*=UTF-8''%E9%80%9A%E7%9F%A5.pdf"), _disposition_name("inline")
    ('通知.pdf', None)
    >>> _disposition_name('attachment; filename="%E9%80%9A%E7%9F%A5.pdf"')
    '通知.pdf'
    """
    if found := re.search(r"filename\*\s*=\s*([\w-]+)'[^']*'([^;\s]+)", header, re.IGNORECASE):
        try:
            return urllib.parse.unquote(found[2], encoding=found[1])
        except LookupError:
            return urllib.parse.unquote(found[2])
    found = re.search(r'filename\s*=\s*(?:"([^"]*)"|([^;\s]+))', header, re.IGNORECASE)
    if not found:
        return None
    name = urllib.parse.unquote(found[1] or found[2] or "")
    try:
        raw = name.encode("latin-1")  # headers are bytes; httpx reads those beyond ASCII as it can
    except UnicodeEncodeError:
        return name
    return name if name.isascii() else decode(raw)[0]


# Words of pages that stand where a document should, as titles and short bodies have them.
_ERROR_PAGE = re.compile(
    r"(?:页面|网页|文章|内容|信息|文件)(?:已)?(?:不存在|未找到|找不到|被删除|已删除)|找不到(?:您|页面|该)|无法访问|访问被(?:拒绝|阻断|拦截)"
    r"|(?:系统|服务器)(?:内部)?(?:错误|繁忙|维护)|\b(?:404|403|500|502|503)\b|not found|access denied|forbidden|error",
    re.IGNORECASE,
)
_LOGIN_PAGE = re.compile(
    r"(?:用户|账号|帐号)?登[录陆]|统一身份认证|请输入验证码|安全验证|人机验证|sign in|log ?in", re.IGNORECASE
)


def suspicions(asked: str, answer: Response) -> tuple[Caution, ...]:
    """Reasons to think that a 200 is not the document that was asked for: a login or error page, a wrong type."""
    wanted = urllib.parse.urlsplit(asked).path.lower().rpartition(".")[2]
    start = answer.body[:1024].lstrip().lower()
    is_page = start.startswith((b"<!doctype html", b"<html", b"\xef\xbb\xbf<!doctype html", b"\xef\xbb\xbf<html"))
    found: list[Caution] = []
    if is_page and wanted in _DOCUMENTS:
        found.append(
            Caution(code="not_the_document", message=f"{asked}: a web page came where a .{wanted} was asked for")
        )
    if not is_page:
        return tuple(found)
    tree = LexborHTMLParser(_page_text(answer.body))
    head = tree.css_first("title")
    title = head.text().strip() if head else ""
    words = "".join(tree.body.text(separator=" ").split()) if tree.body else ""
    short = len(words) < 300
    if tree.css_first("input[type=password]") and short:
        found.append(Caution(code="login_page", message=f"{asked}: looks like a login page ({title or 'no title'})"))
    elif _LOGIN_PAGE.search(title) and short:
        found.append(Caution(code="login_page", message=f"{asked}: looks like a login page ({title})"))
    elif short and (error := _ERROR_PAGE.search(title) or _ERROR_PAGE.search(words)):
        found.append(
            Caution(code="error_page", message=f"{asked}: looks like an error page ({error[0]}) sent with status 200")
        )
    return tuple(found)


# --- attachments -----------------------------------------------------------------------------------


class Attachment(Record, frozen=True, kw_only=True):
    """A link from a notice's page to an attached document."""

    url: str
    title: str


def _attachments(page: Capture, source: Source, archive: Archive) -> tuple[Attachment, ...]:
    if isinstance(source.listing, FolderListing) or page.media_type not in ("text/html", "application/xhtml+xml"):
        return ()
    return read_attachments(_page_text(archive.get(page.path)), page.final_url, source)


def read_attachments(html: str, url: str, source: Source) -> tuple[Attachment, ...]:
    """The documents that a page attaches and that are to be followed (`page.follow`), each once, in its order."""
    selectors, listing = source.page, source.listing
    if selectors.follow == "never" or isinstance(listing, FolderListing):
        return ()
    tree = LexborHTMLParser(html)
    tree.strip_tags(["script", "style", "noscript"])
    body = tree.css_first(selectors.text) if selectors.text else None
    if selectors.follow == "when_pointer":
        whole = body or tree.body
        text = "".join(whole.text().split()) if whole else ""
        if len(text) >= (_POINTER if body else _POINTER_UNSELECTED):
            return ()
    found: dict[str, Attachment] = {}
    for link in tree.css(selectors.attachments or "a[href]"):
        target = absolute(url, link.attributes.get("href"))
        if target is None or not same_publisher(target, listing):
            continue
        ending = urllib.parse.urlsplit(target).path.lower().rpartition(".")[2]
        if selectors.attachments or ending in _DOCUMENTS:
            title = " ".join(link.text().split())
            found.setdefault(target, Attachment(url=target, title=title))
    return tuple(found.values())


def _page_text(body: bytes) -> str:
    try:
        return decode(body, declared_charset(body))[0]
    except Unreadable:
        return ""  # the reader will say so of the document
