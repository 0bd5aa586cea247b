"""A source's listing → the notices it names. Counts what it saw before it filters: "nothing new" is one thing,
"the layout changed" another, and the second is an error.

`discover` asks for pages through the function it is given (`annals.fetch.Caller.get`) and calls nobody itself;
`read_listing` is the parser: a page's text in, records out.
"""

import re
import urllib.parse
from collections.abc import Callable, Collection
from datetime import date
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from annals.errors import AnnalsError, ConfigurationError, LayoutChanged, Unreadable
from annals.extract.decode import declared_charset, decode
from annals.model import Caution, NoticeRef, Record, Response
from annals.sources import FolderListing, IndexListing, Source, notice_id

Get = Callable[[str], Response]


class Discovery(Record, frozen=True, kw_only=True):
    """What a listing held. `seen` counts its entries; `notices` are those left when `ignored` are taken out.

    `new` are the notices not known before. `gone` are the known ids that a listing read to its end (`complete`)
    names no more.
    """

    source: str
    pages: int
    seen: int
    ignored: int
    complete: bool
    notices: tuple[NoticeRef, ...]
    new: tuple[NoticeRef, ...]
    gone: tuple[str, ...] = ()
    cautions: tuple[Caution, ...] = ()


class Entry(Record, frozen=True, kw_only=True):
    """One entry of a listing page; `url` is absolute."""

    url: str
    title: str
    published_on: date | None = None


class ListingPage(Record, frozen=True, kw_only=True):
    """One page of a listing: its entries, how many items had no usable link, and where the next page is."""

    entries: tuple[Entry, ...]
    unusable: int = 0
    next_url: str | None = None


def discover(source: Source, known: Collection[str], get: Get) -> Discovery:
    """Read a source's listing to its end or to `max_pages`. `known` are the notice ids seen in earlier runs.

    Raises LayoutChanged when the first page holds no entries, Unreachable (from `get`) when it cannot be had.
    """
    if isinstance(source.listing, FolderListing):
        return _discover_folder(source, source.listing, known)
    return _discover_index(source, source.listing, known, get)


def _discover_index(source: Source, listing: IndexListing, known: Collection[str], get: Get) -> Discovery:
    entries: list[Entry] = []
    cautions: list[Caution] = []
    visited: list[str] = []
    unusable = 0
    url: str | None = listing.url
    while url and url not in visited and len(visited) < listing.max_pages:
        answer = get(url)
        if answer.status != 200:
            if not visited:
                raise LayoutChanged(
                    f"{source.name}: the listing {url} answers {answer.status}; if it has moved, set listing.url anew"
                )
            if not listing.pages:
                cautions.append(_caution("listing_broken", f"page {len(visited) + 1}, {url}, answers {answer.status}"))
            break
        visited.append(url)
        page = read_listing(_text(source, answer), answer.url, listing)
        if not page.entries:
            if len(visited) == 1:
                raise LayoutChanged(_no_entries(source, listing, page))
            if not listing.pages:
                cautions.append(_caution("listing_broken", f"page {len(visited)}, {url}, holds no entries"))
            break
        if listing.pages and {entry.url for entry in page.entries} <= {entry.url for entry in entries}:
            break  # beyond the last page some servers send it again
        unusable += page.unusable
        entries += page.entries
        url = _numbered(listing, len(visited) + 1) if listing.pages else page.next_url
        if url and not same_publisher(url, listing):
            cautions.append(_caution("offsite", f"the next page, {url}, is not on the publisher's host; not followed"))
            url = None
    else:
        if url and url not in visited:
            cautions.append(
                _caution("listing_cut", f"stopped after {len(visited)} pages (listing.max_pages); there are more")
            )
    complete = not cautions
    if unusable:
        cautions.append(_caution("no_link", f"{unusable} of {unusable + len(entries)} entries have no link to a page"))
    return _sort_out(source, listing, known, entries, unusable, len(visited), complete, cautions)


def _sort_out(
    source: Source,
    listing: IndexListing,
    known: Collection[str],
    entries: list[Entry],
    unusable: int,
    pages: int,
    complete: bool,
    cautions: list[Caution],
) -> Discovery:
    notices: dict[str, NoticeRef] = {}
    ignored = 0
    for entry in entries:
        if not same_publisher(entry.url, listing):
            cautions.append(
                _caution("offsite", f"{entry.title}: {entry.url} is not on the publisher's host; not followed")
            )
        elif _wanted(entry.title, listing):
            ref = NoticeRef(source=source.name, url=entry.url, title=entry.title, published_on=entry.published_on)
            notices.setdefault(notice_id(source, entry.url), ref)
            continue
        ignored += 1
    if not notices:
        cautions.append(
            _caution("nothing_kept", f"of {len(entries)} entries none passes listing.only and listing.ignore")
        )
    return Discovery(
        source=source.name,
        pages=pages,
        seen=len(entries) + unusable,
        ignored=ignored,
        complete=complete,
        notices=tuple(notices.values()),
        new=tuple(ref for key, ref in notices.items() if key not in known),
        gone=tuple(sorted(set(known) - set(notices))) if complete else (),
        cautions=tuple(cautions),
    )


def _discover_folder(source: Source, listing: FolderListing, known: Collection[str]) -> Discovery:
    folder = Path(listing.path).absolute()
    try:
        names = sorted(path for path in folder.glob(listing.pattern) if path.is_file())
        next(folder.iterdir(), None)  # glob says nothing of a folder that is missing or closed
    except OSError as error:
        raise ConfigurationError(
            f"{source.name}: the folder {folder} cannot be read ({error.strerror}); set listing.path to one that can"
        ) from error
    files = [path for path in names if not any(part.startswith(".") for part in path.relative_to(folder).parts)]
    if not files:
        raise AnnalsError(f"{source.name}: no file in {folder} matches {listing.pattern}; put documents there")
    notices = {notice_id(source, path.as_uri()): NoticeRef(source=source.name, url=path.as_uri()) for path in files}
    return Discovery(
        source=source.name,
        pages=1,
        seen=len(names),
        ignored=len(names) - len(files),
        complete=True,
        notices=tuple(notices.values()),
        new=tuple(ref for key, ref in notices.items() if key not in known),
        gone=tuple(sorted(set(known) - set(notices))),
    )


def read_listing(html: str, url: str, listing: IndexListing) -> ListingPage:
    """The entries of one listing page, in its order; `url` is the page's own address, for relative links.

    >>> listing = IndexListing(url="http://www.ycskp.cn/gk/", item="li", date="span", next="a.next")
    >>> html = '<li><a href="a.html">通知</a><span>2023-04-12</span></li><a class=next href="2.html">'
    >>> page = read_listing(html, "http://www.ycskp.cn/gk/", listing)
    >>> page.entries[0].url, page.entries[0].title, str(page.entries[0].published_on), page.next_url
    ('http://www.ycskp.cn/gk/a.html', '通知', '2023-04-12', 'http://www.ycskp.cn/gk/2.html')
    """
    tree = LexborHTMLParser(html)
    base = tree.css_first("base[href]")
    root = urllib.parse.urljoin(url, (base.attributes.get("href") or "") if base else "")
    entries: list[Entry] = []
    unusable = 0
    for item in tree.css(listing.item):
        link = item.css_first(listing.link)  # the item itself, if it is the link
        target = absolute(root, link.attributes.get("href")) if link else None
        if link is None or target is None:
            unusable += 1
            continue
        dates = item.css(listing.date) if listing.date else []
        entries.append(
            Entry(
                url=target, title=_title(link), published_on=read_date(dates[0].text(separator=" ")) if dates else None
            )
        )
    following = tree.css(listing.next) if listing.next else []
    return ListingPage(
        entries=tuple(entries),
        unusable=unusable,
        next_url=absolute(root, following[0].attributes.get("href")) if following else None,
    )


_DATE = re.compile(r"(?<!\d)(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")


def read_date(text: str) -> date | None:
    """The first whole date in a text.

    >>> read_date("[2023-04-12]"), read_date("发布时间：2023年4月12日 09:30")
    (datetime.date(2023, 4, 12), datetime.date(2023, 4, 12))
    >>> read_date("04-12"), read_date("2023-13-40")
    (None, None)
    """
    for year, month, day in _DATE.findall(text):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None


def absolute(base: str, href: str | None) -> str | None:
    """A link's whole address without its fragment; None for what is no page: mail, script, an empty or broken link.

    >>> absolute("http://www.ycskp.cn/gk/", "../a.html#top"), absolute("http://www.ycskp.cn/", "javascript:next()")
    ('http://www.ycskp.cn/a.html', None)
    """
    if not href or not href.strip() or href.strip().startswith("#"):
        return None
    try:
        parts = urllib.parse.urlsplit(urllib.parse.urljoin(base, href.strip()))
        parts.port  # noqa: B018 - raises for a port that is no number
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return urllib.parse.urlunsplit(parts._replace(fragment=""))


def same_publisher(url: str, listing: IndexListing) -> bool:
    """Whether an address is on the listing's host (http and https alike) or on one of `listing.hosts`."""
    ours, theirs = urllib.parse.urlsplit(listing.url), urllib.parse.urlsplit(url)
    if theirs.hostname in listing.hosts:
        return True
    ports = {80, 443, None}
    return ours.hostname == theirs.hostname and (ours.port == theirs.port or {ours.port, theirs.port} <= ports)


def _text(source: Source, answer: Response) -> str:
    try:
        return decode(answer.body, declared_charset(answer.body))[0]
    except Unreadable as error:
        raise LayoutChanged(f"{source.name}: the listing {answer.url} is no web page: {error.reason}") from error


def _title(link: LexborNode) -> str:
    """A link's text; its `title` where the text is cut short."""
    shown = " ".join(link.text(separator="").split())
    whole = " ".join((link.attributes.get("title") or "").split())
    cut = shown.rstrip("….").removesuffix("..")
    return whole if whole and (not shown or whole.startswith(cut)) else shown


def _wanted(title: str, listing: IndexListing) -> bool:
    if any(re.search(expression, title) for expression in listing.ignore):
        return False
    return not listing.only or any(re.search(expression, title) for expression in listing.only)


def _numbered(listing: IndexListing, page: int) -> str | None:
    number = listing.second_page + page - 2
    return absolute(listing.url, (listing.pages or "").replace("{page}", str(number)))


def _no_entries(source: Source, listing: IndexListing, page: ListingPage) -> str:
    if page.unusable:
        return (
            f"{source.name}: the layout of {listing.url} has changed: {page.unusable} items match {listing.item!r}, "
            f"but {listing.link!r} finds no link in any of them; set listing.link anew"
        )
    return (
        f"{source.name}: the layout of {listing.url} has changed: nothing matches {listing.item!r}; "
        "set listing.item anew"
    )


def _caution(code: str, message: str) -> Caution:
    return Caution(code=code, message=message)
