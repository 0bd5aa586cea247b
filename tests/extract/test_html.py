"""HTML: the notice, its metadata and its attachments, without the site around it."""

from datetime import date

import pytest

from annals.errors import Unreadable
from annals.extract import Selectors, extract_bytes
from annals.model import Document

PAGE = """<!doctype html><html><head><meta charset="{charset}">
<title>关于举办科普活动的通知_云川市科学普及协会网</title>
<style>p {{ color: red }}</style></head><body>
<div class="header"><ul class="nav"><li><a href="/">首页</a></li><li><a href="/xxgk">信息公开</a></li></ul></div>
<div class="dqwz">您当前的位置：<a href="/">首页</a> &gt; <a href="/tz">通知</a></div>
<div class="main"><h1>关于举办科普活动的通知</h1>
<div class="info">发布时间：2023-03-21 来源：云川市科学普及协会 浏览次数：1234 【字体：大 中 小】</div>
<div id="zoom"><p>云科协发〔2023〕12号</p><p>各区县科普协会：</p>
<p>全年拟举办活动<span>30</span><b>0</b>场，覆盖20&nbsp;万人。<br>请认真组织。</p>
<ol start="3"><li>办展览1次</li><li>办讲座2场</li></ol>
<table border="1"><tr><th rowspan="2">地区</th><th colspan="2">场次</th></tr><tr><th>线上</th><th>线下</th></tr>
<tr><td>云溪桥区</td><td>12</td><td>3</td></tr></table>
<p>附件：<a href="../P020230321.pdf">1.活动方案</a></p></div>
<div class="share">分享到：微信 微博</div>
<p><a href="javascript:print()">打印</a> <a href="javascript:close()">关闭</a></p>
<div class="related"><h3>相关链接</h3><a href="/a">2022年活动通知</a><a href="/b">2021年活动通知</a></div></div>
<script>var hits = 99;</script>
<div class="footer">版权所有：云川市科学普及协会 地址：云川市人民路1号 ICP备12345号</div></body></html>"""


def lines(document: Document) -> list[str]:
    return document.text.splitlines()


@pytest.mark.parametrize(
    ("codec", "charset"), [("utf-8", "utf-8"), ("gb18030", "gb2312"), ("gb18030", "utf-8"), ("utf-8", "gbk")]
)
def test_the_notice_and_nothing_of_the_site(codec: str, charset: str) -> None:
    document = extract_bytes("t.html", PAGE.format(charset=charset).encode(codec))
    assert lines(document) == [
        "关于举办科普活动的通知",
        "云科协发〔2023〕12号",
        "各区县科普协会：",
        "全年拟举办活动300场，覆盖20 万人。",
        "请认真组织。",
        "3. 办展览1次",
        "4. 办讲座2场",
        "地区\t场次",
        "线上\t线下",
        "云溪桥区\t12\t3",
        "附件：1.活动方案",
    ]
    assert document.passages[0].kind == "title"


def test_what_is_left_out_is_kept_as_asides() -> None:
    document = extract_bytes("t.html", PAGE.format(charset="utf-8").encode())
    aside = "\n".join(aside.text for aside in document.asides)
    for words in ("浏览次数：1234", "版权所有", "分享到", "相关链接"):
        assert words in aside
    assert "99" not in aside + document.text


def test_metadata_and_attachments() -> None:
    page = PAGE.format(charset="utf-8").encode()
    document = extract_bytes("t.html", page, url="https://kp.example.cn/xxgk/202303/t1.html")
    assert document.metadata.title == "关于举办科普活动的通知"
    assert document.metadata.published_on == date(2023, 3, 21)
    assert document.metadata.issuer == "云川市科学普及协会"
    assert [(link.url, link.label) for link in document.links] == [
        ("https://kp.example.cn/xxgk/P020230321.pdf", "1.活动方案")
    ]


def test_the_metadata_table_of_government_sites() -> None:
    page = """<table><tr><td><b>索 引 号：</b></td><td>0143/2024-00219</td><td><b>主题分类：</b></td><td>科普</td></tr>
    <tr><td><b>发文机关：</b></td><td>云川市科学普及协会</td><td><b>成文日期：</b></td><td>2024年12月13日</td></tr>
    <tr><td><b>标　　题：</b></td><td colspan="3">关于印发工作要点的通知</td></tr>
    <tr><td><b>发文字号：</b></td><td>云科协发〔2024〕41号</td><td><b>发布日期：</b></td><td>2024年12月22日</td></tr></table>
    <div><p>各区县：</p><p>现将工作要点印发给你们，请认真贯彻执行，全年办讲座126场，并及时报告情况。</p></div>"""
    metadata = extract_bytes("t.html", page.encode()).metadata
    assert metadata.title == "关于印发工作要点的通知"
    assert metadata.number == "云科协发〔2024〕41号"
    assert metadata.issuer == "云川市科学普及协会"
    assert metadata.published_on == date(2024, 12, 22)


def test_a_page_of_nothing_but_an_attachment() -> None:
    page = """<div class="nav"><a href="/">首页</a><a href="/x">通知公告</a></div>
    <div class="box"><h2>2022年工作要点</h2>
    <div class="c"><p><a href="/f/P0202.pdf">2022年工作要点.pdf</a></p></div></div>
    <div class="foot">主办单位：云川市科学普及协会 技术支持：某公司 建议使用较新的浏览器</div>"""
    document = extract_bytes("t.html", page.encode())
    assert [link.url for link in document.links] == ["/f/P0202.pdf"]
    assert "主办单位" not in document.text


def test_selectors_of_a_source_go_first_and_a_missed_one_is_said() -> None:
    aside = "<div id=a><p>推荐阅读：全市科普工作会议召开，总结上年工作。</p></div>"
    page = f"{aside}<div id=b><p>办讲座3场。</p></div>".encode()
    assert extract_bytes("t.html", page, selectors=Selectors(content="#b")).text == "办讲座3场。\n"
    document = extract_bytes("t.html", page, selectors=Selectors(content="#gone"))
    assert [caution.code for caution in document.cautions] == ["selector_missed"]


@pytest.mark.parametrize(
    "body",
    [
        "<h1>404 Not Found</h1><p>您访问的页面不存在，5秒后返回首页。</p>",
        "<form><p>用户登录</p><p>账号：</p><p>密码：</p></form>",
        "<p>系统错误，请联系管理员。</p>",
    ],
)
def test_error_and_login_pages_served_with_status_200_are_not_notices(body: str) -> None:
    with pytest.raises(Unreadable, match="error or login page"):
        extract_bytes("t.html", f"<html><body>{body}</body></html>".encode())


def test_a_layout_table_is_not_a_table() -> None:
    page = (
        "<table><tr><td><table><tr><td><p>全年办讲座126场，惠及公众4.8万人次。</p></td></tr></table></td></tr></table>"
    )
    document = extract_bytes("t.html", page.encode())
    assert [passage.kind for passage in document.passages] == ["paragraph"]


def test_elements_nested_without_end_cost_nothing() -> None:
    page = "<div>" * 20_000 + "<p>全年办讲座126场，惠及公众4.8万人次。</p>"
    assert "126场" in extract_bytes("t.html", page.encode()).text


def test_a_notice_that_is_pictures_says_so_and_links_them() -> None:
    page = "<h1>关于举办讲座的通知</h1><div><p><img src='/img/1.jpg' alt=''></p><p><img src='/img/2.jpg'></p></div>"
    document = extract_bytes("t.html", page.encode(), url="https://kp.example.cn/a/t.html")
    assert [link.url for link in document.links] == [
        "https://kp.example.cn/img/1.jpg",
        "https://kp.example.cn/img/2.jpg",
    ]
    assert [caution.code for caution in document.cautions] == ["pictures_unread"]
