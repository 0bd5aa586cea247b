"""The sample publisher: files in step, a site that can be followed, faults and gold figures where they say."""

import json
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pypdfium2
import pytest
import yaml

from annals import regions
from annals.archive import Archive
from annals.discover import discover
from annals.extract.decode import declared_charset, decode
from annals.fetch import Caller, fetch
from annals.model import FigureKind, Measure, Qualifier, Role
from annals.settings import PROJECT
from annals.sources import read as read_source
from samples.markdown import Notice, plain, read
from samples.serve import server

SAMPLES = PROJECT / "samples"
NOTICES = {path.stem: read(path) for path in sorted((SAMPLES / "source").glob("*.md"))}
PUBLISHED = {name: notice for name, notice in NOTICES.items() if not notice.head.get("ignored")}
FAULTS: dict[str, Any] = yaml.safe_load((SAMPLES / "faults.yaml").read_text(encoding="utf-8"))
GOLD = {
    path.stem: [json.loads(line, parse_float=Decimal) for line in path.read_text(encoding="utf-8").splitlines()]
    for path in sorted((SAMPLES / "gold").glob("*.jsonl"))
}


def text_of(name: str) -> str:
    return (SAMPLES / "text" / f"{name}.txt").read_bytes().decode()


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    running = server()
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    thread.join()
    running.server_close()


# --- files -----------------------------------------------------------------------------------------


def test_there_are_enough_notices_over_enough_years() -> None:
    assert 8 <= len(PUBLISHED) <= 12
    assert {notice.head["year"] for notice in PUBLISHED.values()} == {2020, 2021, 2022, 2023, 2024}
    assert {notice.head["format"] for notice in PUBLISHED.values()} == {"html", "html-gb18030", "pdf", "scan", "docx"}


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_plain_text_is_built_from_the_source(name: str) -> None:
    assert text_of(name) == plain(PUBLISHED[name]), "run python -m samples.build"


def test_no_text_is_left_over() -> None:
    assert {path.stem for path in (SAMPLES / "text").iterdir()} == set(PUBLISHED)


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("name", [name for name, notice in NOTICES.items() if notice.head["format"].startswith("html")])
def test_the_pages_are_built_from_the_source(name: str) -> None:
    notice = NOTICES[name]
    data = (SAMPLES / "site" / "xxgk" / notice.head["page"]).read_bytes()
    gb18030 = notice.head["format"] == "html-gb18030"
    assert declared_charset(data) == ("gb2312" if gb18030 else "utf-8")
    text, codec, bad = decode(data, declared_charset(data))
    assert (codec, bad) == ("gb18030" if gb18030 else "utf-8", 0)
    for block in notice.blocks:
        for part in [block.text.replace("**", ""), *(cell for row in block.rows for cell in row)]:
            assert part in text.replace("&amp;", "&"), "run python -m samples.build"


def pdf_text(notice: Notice) -> str:
    pages = pypdfium2.PdfDocument(SAMPLES / "site" / "xxgk" / notice.head["file"])
    text = "".join(re.sub(r"— \d+ —", "", page.get_textpage().get_text_range()) for page in pages)
    pages.close()
    return squeezed(text)


@pytest.mark.parametrize("name", [name for name, notice in NOTICES.items() if notice.head["format"] == "pdf"])
def test_the_pdfs_carry_the_text_of_the_source(name: str) -> None:
    found = pdf_text(NOTICES[name])
    for block in NOTICES[name].blocks:
        for part in [block.text, *(cell for row in block.rows for cell in row)]:
            assert squeezed(part) in found, "run python -m samples.build"


def test_the_scan_carries_no_text_at_all() -> None:
    (scan,) = (notice for notice in NOTICES.values() if notice.head["format"] == "scan")
    assert pdf_text(scan) == ""


def test_the_word_document_carries_the_text_of_the_source() -> None:
    (notice,) = (notice for notice in NOTICES.values() if notice.head["format"] == "docx")
    with zipfile.ZipFile(SAMPLES / "site" / "xxgk" / notice.head["file"]) as parts:
        found = re.sub(r"<[^>]+>", "", parts.read("word/document.xml").decode())
    for block in notice.blocks:
        for part in [block.text, *(cell for row in block.rows for cell in row)]:
            assert part in found, "run python -m samples.build"


def test_the_site_is_small_and_needs_nothing_from_outside() -> None:
    files = [path for path in SAMPLES.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert sum(path.stat().st_size for path in files) < 3_000_000
    for path in (SAMPLES / "site").rglob("*"):
        if path.suffix in (".html", ".css"):
            text = decode(path.read_bytes())[0]
            assert not re.search(r"""(?:src|href)=["']?(?:https?:)?//|url\(|@import|<script""", text), path


def test_the_invented_places_are_in_no_code_table() -> None:
    assert regions.find("重庆市") is not None
    for name in ("云川市", "白鹭滩区", "望月岭区", "锦绣湾区", "云溪桥区", "青石坪县", "松竹坡县", "沙坪霸区"):
        assert regions.find(name) is None


# --- the site --------------------------------------------------------------------------------------


def test_the_source_yaml_follows_the_site(site: str, tmp_path: Path) -> None:
    source = read_source(PROJECT / "include" / "sources" / "yunchuan.yaml", environment={"ANNALS_SAMPLE_URL": site})
    archive = Archive(str(tmp_path))
    with Caller(source.politeness) as caller:
        found = discover(source, (), caller.get)
        assert (found.pages, found.seen, found.ignored, found.complete, found.cautions) == (3, 12, 2, True, ())
        assert [ref.title for ref in found.notices] == [
            notice.head["title"]
            for notice in sorted(PUBLISHED.values(), key=lambda notice: notice.head["published_on"], reverse=True)
        ]
        assert all(ref.published_on for ref in found.notices)
        first = [fetch(ref, source, archive, caller) for ref in found.notices]
        again = [fetch(ref, source, archive, caller) for ref in found.notices]
    assert {one.change for one in first} == {"new"} and {one.change for one in again} == {"unchanged"}
    assert [one.captures for one in again] == [one.captures for one in first]
    assert not [caution for one in first for caution in one.cautions]
    captures = [capture for one in first for capture in one.captures]
    attached = [capture for capture in captures if capture.attachment_of]
    assert len(captures) == len(PUBLISHED) + 3
    assert sorted(capture.name.rpartition(".")[2] for capture in attached) == ["docx", "pdf", "pdf"]


def test_an_unchanged_page_is_answered_without_a_body(site: str) -> None:
    address = f"{site}/xxgk/index.html"
    source = read_source(PROJECT / "include" / "sources" / "yunchuan.yaml", environment={})
    with Caller(source.politeness) as caller:
        first = caller.get(address)
        assert "charset" not in first.headers["content-type"]
        assert caller.get(address, {"If-None-Match": first.headers["etag"]}).status == 304
        assert caller.get(address, {"If-Modified-Since": first.headers["last-modified"]}).status == 304
        assert caller.get(
            address, {"If-None-Match": '"other"', "If-Modified-Since": first.headers["last-modified"]}
        ).body
        assert caller.get(f"{site}/nothing.html").status == 404


def test_the_server_as_a_command() -> None:
    command = [sys.executable, "-m", "samples.serve", "--port"]
    with subprocess.Popen([*command, "0"], cwd=PROJECT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        port = re.fullmatch(r"sample publisher at http://127\.0\.0\.1:(\d+)/\n", running.stdout.readline())
        assert port
        taken = subprocess.run(
            [*command, port[1]], cwd=PROJECT, capture_output=True, text=True, timeout=30, check=False
        )
        running.terminate()
    assert taken.returncode == 1
    assert taken.stderr == f"samples.serve: port {port[1]} on 127.0.0.1: Address already in use\n"


# --- faults ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "entry", FAULTS["faults"] + FAULTS["sound"], ids=lambda entry: entry.get("id", entry["notice"])
)
def test_the_sentences_are_in_the_notices(entry: dict[str, str]) -> None:
    assert text_of(entry["notice"]).count(entry["sentence"]) == 1
    if "other_notice" in entry:
        assert text_of(entry["other_notice"]).count(entry["other_sentence"]) == 1


def test_the_faults_are_faults() -> None:
    """The arithmetic of the planted faults, from their own sentences."""
    of = {fault["id"]: fault for fault in FAULTS["faults"]}

    def numbers(name: str, key: str = "sentence") -> list[float]:
        return [float(number) for number in re.findall(r"\d+(?:\.\d+)?", of[name][key])]

    assert max(numbers("share_over_100")) == 118
    assert numbers("year_against_title") == [2023] and "2024" in NOTICES["2024-plan"].head["title"]
    items = [block for block in NOTICES["2021-review"].blocks if re.match(r"\d+\. ", block.text)]
    assert "十件大事" in of["list_too_short"]["sentence"] and len(items) == 9
    assert numbers("target_missed")[0] == 34 < numbers("target_missed", "other_sentence")[0] == 40
    assert sum(numbers("parts_exceed_whole")[3:]) == 285 > numbers("parts_exceed_whole")[1] == 260
    _, stock, _, added, end = numbers("stock_and_flow")
    assert stock + added == 86 != end == 88
    assert "沙坪霸区" in of["unknown_region"]["sentence"]
    assert numbers("notices_differ")[-1] == 143.6 and numbers("notices_differ", "other_sentence")[0] == 134.6
    assert "90.5亿元" in of["thousandfold"]["sentence"] and "868.5万元" in text_of("2023-communique")
    assert len(FAULTS["faults"]) == len(of) >= 9


# --- gold ------------------------------------------------------------------------------------------


def test_at_least_four_notices_are_marked() -> None:
    assert len(GOLD) >= 4 and set(GOLD) <= set(PUBLISHED)
    assert all(len(figures) >= 30 for figures in GOLD.values())


@pytest.mark.parametrize("name", GOLD)
def test_gold_figures_stand_where_they_say(name: str) -> None:
    text = text_of(name)
    last = 0
    for figure in GOLD[name]:
        core = text[figure["start"] : figure["end"]]
        assert figure["doc"] == f"{name}.txt"
        assert last <= figure["start"], figure
        last = figure["end"]
        assert core in figure["raw"] and re.fullmatch(r"[\d.:%万亿至一两三七九成四分之]+", core), figure
        before = figure["raw"].index(core)
        assert text[figure["start"] - before :].startswith(figure["raw"]), figure
        assert not re.match(r"\d", text[figure["end"] :]) and not re.search(r"\d$", text[: figure["start"]]), figure
        assert figure["qualifier"] in get_args(Qualifier) and figure["kind"] in get_args(FigureKind)
        assert figure["role"] in get_args(Role) and figure.get("measure", "level") in get_args(Measure)
        assert figure["region"] in text or figure["region"] == "云川市"
        assert figure["subject"] in text
        assert (figure["kind"] == "money") == (figure["unit"] == "元")
        assert (figure["kind"] == "percent") == (figure["unit"] in ("%", "百分点"))
        if match := re.fullmatch(r"([\d.]+)([万亿]?)%?", core):
            magnitude = {"": 1, "万": 10**4, "亿": 10**8}[match[2]]
            in_table = core == figure["raw"] and figure["kind"] == "money"
            wanted = Decimal(match[1]) * (10**4 if in_table else magnitude)
            assert abs(Decimal(figure["value"])) == wanted, figure


def test_no_number_of_the_marked_notices_is_forgotten() -> None:
    """Every run of digits is a figure, or a date, a number of a list, a document's number or a telephone's."""
    other = re.compile(
        r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月\d{1,2}日|1至8月|8月底"
        r"|^\d{1,2}\. |〔\d{4}〕\d+号|\d{4}-\d{7}|^表\d+ |^\d\t",
        re.MULTILINE,
    )
    for name, figures in GOLD.items():
        text = text_of(name)
        taken = {place for figure in figures for place in range(figure["start"], figure["end"])}
        taken |= {place for match in other.finditer(text) for place in range(*match.span())}
        left = [
            text[match.start() - 10 : match.end() + 5]
            for match in re.finditer(r"\d+", text)
            if match.start() not in taken
        ]
        assert left == [], name
