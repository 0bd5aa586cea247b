"""Source files: what a good one gives, and what a person is told of a bad one."""

from pathlib import Path

import pytest
import yaml

from annals.errors import ConfigurationError
from annals.settings import PROJECT
from annals.sources import FolderListing, IndexListing, folder_yaml, load, notice_id, read

GOOD = """\
name: hesheng
title: 和盛市科学普及协会
owner: 数据组
schedule:
  cron: 30 6 * * 1-5
listing:
  kind: index
  url: http://www.hesheng.invalid/gk/
  item: li
runbook: 看一看网站是否打开。
"""


def write(folder: Path, text: str, name: str = "hesheng") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problem(folder: Path, text: str, environment: dict[str, str] | None = None) -> str:
    path = write(folder, text)
    with pytest.raises(ConfigurationError) as raised:
        read(path, environment=environment or {})
    message = str(raised.value)
    assert message.startswith(str(path)) and "\n" not in message
    return message.removeprefix(str(path))


def test_a_good_file_with_its_defaults(tmp_path: Path) -> None:
    source = read(write(tmp_path, GOOD))
    assert isinstance(source.listing, IndexListing)
    assert source.schedule.timezone == "Asia/Shanghai"
    assert source.politeness.delay_seconds == 1.0
    assert source.tags == () and source.genre_hints == {} and source.password is None


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("title:", "titel:", ":2: titel: no such key; did you mean 'title'?"),
        ("owner: 数据组\n", "", ":1: owner: is missing"),
        ("item:", "itme:", ":9: listing.itme: no such key; did you mean 'item'?"),
        ("kind: index", "kind: indx", ":7: listing.kind: 'indx' is not allowed; did you mean 'index'?"),
        ("http://www", "www", ":8: listing.url: expected an address that begins with http:// or https://"),
        ("30 6 *", "30 26 *", ": schedule.cron: '26' is no hour"),
        ("30 6 * * 1-5", "daily", ": schedule.cron: 'daily' has 1 field; expected five fields"),
        ("cron:", "timezone: Asia/Chungking2\n  cron:", ": schedule.timezone: no time zone 'Asia/Chungking2'"),
        ("name: hesheng", "name: He Sheng", ":1: name: expected 2 to 40 of a-z"),
        ("name: hesheng", "name: heshang", ": name: is 'heshang'; expected 'hesheng', as the file is called"),
        ("owner: 数据组", "owner: 数据组\nowner: 李", ":4: owner: is given twice"),
        ("owner: 数据组", "owner: 7", ":3: owner: expected str, found int"),
        ("owner: 数据组", "owner: ''", ":3: owner: expected some text, found ''"),
        ("owner: 数据组", "owner: [", "not valid YAML"),
        ("runbook: ", "email: nobody\nrunbook: ", ":10: email: expected a mail address, found 'nobody'"),
        ("runbook: ", "genre_hints: {要点: plann}\nrunbook: ", "'plann' is not allowed; did you mean 'plan'?"),
        ("runbook: ", "politeness: {retries: -1}\nrunbook: ", "politeness.retries: expected `int` >= 0, found -1"),
        ("  item: li", "  item: li\n  only: ['(']", ": listing.only: '(' is not a regular expression"),
        ("  item: li", "  item: li\n  next: a\n  pages: 'i_{page}.html'", "listing: has both next and pages"),
        (
            "  item: li",
            "  item: li\n  pages: index_2.html",
            ":10: listing.pages: expected an address with {page} in it",
        ),
        ("item: li", "item: li[[", ": listing.item: 'li[[' is not a CSS selector"),
        ("runbook: ", "page: {remove: [.a, '>']}\nrunbook: ", ": page.remove: '>' is not a CSS selector"),
        (
            "runbook: ",
            "approval: on_error\nrunbook: ",
            "approval: 'on_error' is not allowed; did you mean 'on_errors'?",
        ),
        ("runbook: ", "approval: no\nrunbook: ", ":10: approval: expected str, found bool"),
        ("runbook: ", "approval: always\napproval_within_hours: 0\nrunbook: ", "expected `float` > 0.0, found 0"),
        ("runbook: ", "approval: always\napproval_within_hours: .inf\nrunbook: ", "expected `float` <= 8760.0, found"),
        (
            "runbook: ",
            "approval_within_hours: 24\nrunbook: ",
            ": approval_within_hours: nobody is asked; expected appr",
        ),
        (GOOD, "", ": the file is empty"),
        (GOOD, "- 1", ":1: the file: expected object, found array"),
    ],
)
def test_a_slip_is_one_line_that_says_where_and_what(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert old in GOOD
    assert expected in problem(tmp_path, GOOD.replace(old, new, 1))


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "hesheng.yaml").write_bytes(GOOD.encode("gb18030"))
    with pytest.raises(ConfigurationError, match=r"hesheng\.yaml: cannot be read as UTF-8 text"):
        read(tmp_path / "hesheng.yaml")


def test_the_environment_fills_in_what_the_file_leaves_open(tmp_path: Path) -> None:
    text = GOOD.replace("http://www.hesheng.invalid", "${SITE:-http://127.0.0.1:1}") + "password: ${WORD}\n"
    path = write(tmp_path, text)
    source = read(path, environment={"SITE": "https://example.invalid", "WORD": "秘密"})
    assert isinstance(source.listing, IndexListing)
    assert (source.listing.url, source.password) == ("https://example.invalid/gk/", "秘密")
    default = read(path, environment={"WORD": "秘密"}).listing
    assert isinstance(default, IndexListing) and default.url == "http://127.0.0.1:1/gk/"
    assert "the environment does not set WORD" in problem(tmp_path, text)


def test_one_bad_file_does_not_stop_the_others(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, GOOD.replace("name: hesheng", "nmae: linhe"), "linhe")
    write(tmp_path, GOOD.replace("hesheng", "anping", 1), "anping")
    (tmp_path / "notes.txt").write_text("not a source", encoding="utf-8")
    sources, errors = load(tmp_path)
    assert [source.name for source in sources] == ["anping", "hesheng"]
    assert len(errors) == 1 and "linhe.yaml:1: nmae: no such key; did you mean 'name'?" in str(errors[0])


def test_a_missing_folder_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="set ANNALS_SOURCES"):
        load(tmp_path / "nowhere")


def test_a_folder_of_documents_becomes_a_source(tmp_path: Path) -> None:
    folder = tmp_path / "带 空格: 和#号"
    folder.mkdir()
    source = read(write(tmp_path, folder_yaml(folder, name="papers"), "papers"))
    assert isinstance(source.listing, FolderListing)
    assert Path(source.listing.path) == folder


def test_a_folder_is_looked_for_beside_its_yaml(tmp_path: Path) -> None:
    text = GOOD.replace(
        "kind: index\n  url: http://www.hesheng.invalid/gk/\n  item: li", "kind: folder\n  path: papers"
    )
    listing = read(write(tmp_path, text)).listing
    assert isinstance(listing, FolderListing) and listing.path == str(tmp_path / "papers")


def test_notice_ids_stay_when_the_site_moves_to_https_or_another_port(tmp_path: Path) -> None:
    source = read(write(tmp_path, GOOD))
    plain = notice_id(source, "http://www.hesheng.invalid/gk/t2023_1.html")
    assert plain.startswith("hesheng-t2023_1-")
    assert plain == notice_id(source, "https://www.hesheng.invalid:8443/gk/t2023_1.html")
    others = {"http://www.hesheng.invalid/gk/t2023_1.html?a=2", "http://files.invalid/gk/t2023_1.html"}
    assert len({plain, *(notice_id(source, url) for url in others)}) == 3


def test_notice_ids_of_a_folder_are_those_of_the_relative_names(tmp_path: Path) -> None:
    ids = []
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        source = read(write(tmp_path, folder_yaml(folder, name="papers"), "papers"))
        ids.append(notice_id(source, (folder / "2023" / "工作 要点.pdf").as_uri()))
    assert ids[0] == ids[1]
    assert ids[0].startswith("papers-工作_要点-")


def test_the_sources_of_the_project_are_good() -> None:
    sources, errors = load(PROJECT / "include" / "sources", environment={})
    assert errors == () and sources


def test_every_key_is_shown_in_the_example() -> None:
    text = (PROJECT / "include" / "sources" / "yunchuan.yaml").read_text(encoding="utf-8")
    source = read(PROJECT / "include" / "sources" / "yunchuan.yaml", environment={})
    for record in (source, source.schedule, source.listing, source.politeness, source.page):
        for key in record.__struct_fields__:
            assert f"{key}:" in text, key
    assert yaml.safe_load(text)["name"] == "yunchuan"
