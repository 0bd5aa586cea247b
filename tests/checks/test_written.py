"""From a body's own sentences to a finding: read, staged and audited, each fault by its rule and nothing else."""

from typing import NamedTuple

import pytest

from annals import checks
from annals import warehouse as house
from annals.model import Reading
from annals.warehouse.connect import Connection
from tests.checks.reading import of_text


class Written(NamedTuple):
    """A notice of an invented association: the year it is about and its one paragraph."""

    year: int
    body: str
    kind: str = "工作总结"

    def read(self, key: str, place: str) -> Reading:
        planned = self.kind == "工作要点"
        date = f"{self.year}年1月20日" if planned else f"{self.year + 1}年1月12日"
        head = f"{place}科学普及协会{self.year}年{self.kind}\n\n{place}科学普及协会\n\n{date}"
        return of_text(key, f"{head}\n\n{self.body}\n")


PLACES = "松竹梅兰菊荷桃杏枫桐柏楠槐"  # of which each case makes an invented town of its own: 竹松川市

# For each rule, notices with one fault; it is found in the last of them.
FAULTS: dict[str, list[tuple[Written, ...]]] = {
    "parts_exceed_whole": [
        (Written(2023, "2023年，全市有科普讲师160名，其中女讲师240名。"),),
        (Written(2023, "2023年，全年刊出墙报稿件96篇，分为天文类40篇、地理类38篇、其他28篇。"),),
        (Written(2023, "2023年，藏品情况如下。\n\n类别\t数量（件）\n矿物\t31\n化石\t27\n仪器\t22\n合计\t60"),),
    ],
    "places_exceed_whole": [
        (Written(2023, "2023年，协会下达科普经费100万元，支持项目9个。其中，永川区62万元、江津区48万元。"),),
        (Written(2023, "2023年，装配望远镜50台（永川区21台、江津区18台、合川区16台）。"),),
        (Written(2023, "2023年，印制星图共计9000份，永川区、江津区分别为5100份、4600份。"),),
    ],
    "parts_miss_whole": [
        (Written(2023, "2023年，全市科技志愿者900人。其中，男性500人，女性300人。"),),
        (Written(2023, "2023年，选出小论文90篇，一等奖10篇、二等奖20篇、三等奖40篇。"),),
        (Written(2023, "2023年，购置经费450万元，由拨款200万元、捐款120万元构成。"),),
        (Written(2023, "2023年，50名观测员中，教师有21名，学生有15名，其余10名为工程师。"),),
        (Written(2023, "2023年，四个季度分别放映20场、24场、26场、22场，全年放映112场。"),),
        (Written(2023, "2023年，支出情况如下。\n\n项目\t经费（万元）\n展品\t120\n设备\t86\n场地\t54\n总计\t290"),),
    ],
    "share_of_amounts": [
        (Written(2023, "2023年，全市有科普讲师160名，其中女讲师40名，占35%。"),),
        (Written(2023, "2023年，经费868.5万元。按来源分，财政拨款520万元，占59.9%；捐赠100万元，占15.1%。"),),
        (Written(2023, "2023年，征得标本640件，入藏160件，入藏率为35%。"),),
        (Written(2023, "2023年，总支出640万元，展品购置160万元，占35%。"),),
        (Written(2023, "2023年，建成气象站42个，占计划50个的94%。"),),
        (Written(2023, "2023年，80个村中有60个建起了图书角，占六成。"),),
        (Written(2023, "2023年，作品情况如下。\n\n类别\t数量（件）\t占比（%）\n绘画\t200\t50.0\n"
                       "书法\t100\t25.0\n摄影\t60\t10.0\n剪纸\t40\t15.0\n"
                       "合计\t400\t100"),),
    ],
    "shares_exceed_whole": [
        (Written(2023, "2023年，城镇、农村听众分别占听众总数的64%、58%。"),),
        (Written(2023, "2023年，来源情况如下。\n\n来源\t占比（%）\n线上\t62.4\n线下\t47.6\n合计\t100"),),
    ],
    "shares_miss_whole": [
        (Written(2023, "2023年，城镇、农村听众分别占听众总数的64%、26%。"),),
        (Written(2023, "2023年，全市三次产业结构为4.0∶37.7∶53.8，协会提供决策建议12篇。"),),
        (Written(2023, "2023年，三次产业结构由上年的9.1∶44.6∶46.3调整为8.2∶46.5∶35.3。"),),
        (Written(2023, "2023年，来信中，咨询占41.2%，建议占33.3%，其他占5.5%。"),),
        (Written(2023, "2023年，中央、地方、自筹资金各占30%、40%、10%。"),),
    ],
    "change_and_levels": [
        (Written(2023, "2023年，接待观众158.2万人次，比上年增加14.6万人次，上年为134.6万人次。"),),
        (Written(2023, "2023年，公民具备科学素质的比例达到12.8%，比上年提高1.1个百分点，上年为10.9%。"),),
    ],
    "growth_of_levels": [(Written(2023, "2023年，科普专项经费480万元，比上年增加80万元，增长25%。"),)],
    "stock_of_flow": [
        (Written(2023, "2022年末全市共有科普教育基地75家，2023年新命名11家，年末达到88家。"),),
        (Written(2023, "2022年末全市共有科普教育基地75家，2023年新命名11家，年末达到68家。"),),
        (Written(2023, "原有观测点64个，2023年增设9个，现有观测点81个。"),),
        (Written(2023, "2023年，在上年26支宣讲队的基础上，新组建5支，总数达到38支。"),),
        (Written(2023, "2023年，加上年内新发展的46名，讲解员由年初的388名增加到521名。"),),
    ],
    "identity": [
        (Written(2023, "2023年，全市进出口总额310.0亿元，增长2.1%。其中，出口总额250.2亿元，进口总额95.8亿元。"),),
        (Written(2023, "2023年，全市出生率为6.31‰；死亡率为7.02‰；自然增长率为0.71‰。"),),
    ],
    "target_admitted": [
        (Written(2023, "2023年，志愿者年活跃率为57%，未达到六成的目标。"),),
        (Written(2023, "2023年，新建观星台34个，比年度计划少6个。"),),
        (Written(2023, "2023年，接待访客31.2万人次，距离36万人次的目标还有差距。"),),
        (Written(2023, "2023年，改造展厅11个，仅完成计划的61%。"),),
    ],
    "misread_digits": [(Written(2023, "2023年，全年培训科学教师3干人，举办讲座20场。"),)],
    "crowd": [(Written(2023, "2023年，创客营吸引来自12个国家的900万名师生参与。"),)],
    "region_unknown": [(Written(2023, "2023年，全市新增西阳县、云阳县为科普试点，建成站点2个。"),)],
    "named_count": [
        (Written(2023, "2023年，科普大篷车在永川区、江津区、合川区、大足区3个区县巡展。"),),
        (Written(2023, "2023年，巡展的城市共有四个：上海、南京、杭州。"),),
    ],
    "plan_vs_result": [
        (
            Written(2023, "2023年，要新建科普展站40座以上。", "工作要点"),
            Written(2023, "2023年，全市新建科普展站34座。"),
        ),
        (
            Written(2023, "2023年，志愿者活跃比例达到六成以上。", "工作要点"),
            Written(2023, "2023年，志愿者活跃比例为57%。"),
        ),
    ],
    "target_dropped": [
        (
            Written(2023, "2023年，要改造科普画廊100处。", "工作要点"),
            Written(2023, "2023年，举办科学讲座160场。"),
        ),
    ],
    "stock_and_flow": [
        (
            Written(2022, "2022年，年末全市共有科普驿站75家。"),
            Written(2023, "2023年，全年新建科普驿站11家。年末全市共有科普驿站91家。"),
        ),
    ],
    "growth_and_levels": [
        (
            Written(2022, "2022年，年末全市有科普读书角2400个。"),
            Written(2023, "2023年，年末全市有科普读书角3100个。科普读书角增长12.5%。"),
        ),
    ],
    "jump": [
        (
            Written(2022, "2022年，全年落实科普场地经费868.5万元。"),
            Written(2023, "2023年，全年落实科普场地经费90.5亿元。"),
        ),
        (
            Written(2022, "2022年，年末全市常住人口320.5万人。"),
            Written(2023, "2023年，年末全市常住人口230.5万人。"),
        ),
    ],
    "unchanged": [
        (
            Written(2022, "2022年，全年发放科普手册18347册。"),
            Written(2023, "2023年，全年发放科普手册18347册。"),
        ),
    ],
    "unit_changed": [
        (
            Written(2022, "2022年，全年排演科普剧12部。"),
            Written(2023, "2023年，全年排演科普剧30场。"),
        ),
    ],
    "disagreement": [
        (
            Written(2023, "2023年，年末全市有科普长廊47处。"),
            Written(2023, "2023年，年末全市有科普长廊63处。"),
        ),
    ],
    "restated": [
        (
            Written(2022, "2022年，举办科学讲座300场，惠及公众134.6万人次。"),
            Written(2023, "2023年，举办科学讲座320场，惠及公众158.2万人次，上年为143.6万人次。"),
        ),
    ],
    "beside_peers": [
        (Written(2023, "永川区建成漫画墙31面，江津区建成漫画墙17面，合川区建成漫画墙28面，大足区建成漫画墙4万面。"),),
    ],
    "document_years": [
        (
            Written(2021, "2021年，落实《云川市全民科普行动规划（2021—2025年）》，编发简讯12期。"),
            Written(2022, "2022年，宣传《云川市全民科普行动规划（2021—2025年）》，编发简讯15期。"),
            Written(2023, "2023年，编制《云川市全民科普行动计划（2021—2035年）》，编发简讯16期。"),
        ),
    ],
}  # fmt: skip

# Sentences that look faulty and are sound, alone or in the order in which they come out.
SOUND: list[tuple[Written, ...]] = [
    (Written(2023, "科普讲师团专家168名，比上年末增加23名，其中女性71名，占42.3%。"),),
    (Written(2023, "全年食品抽检量为每千人6.5批次，其中开展现场抽检4万批次。"),),
    (Written(2023, "阅览室从业人员6.4万人。其中，高级职称人员0.9万人，占14.5%；中级职称人员2.1万人，占32.3%。"),),
    (Written(2023, "先进制造业、高技术制造业增加值占比重分别达76.2%、54.7%。"),),
    (Written(2023, "女性占45%，35岁以下占70%，本科以上学历占60%。"),),
    (Written(2023, "三次产业结构为5.2∶41.4∶53.5，经费按7∶2∶1分配。"),),
    (Written(2023, "服务对象850.40万人。其中，城镇居民390.10万人，乡村居民460.30万人。"),),
    (Written(2023, "会员人均收入23000元。按常住地分，城镇会员33000元；农村会员16000元。"),),
    (Written(2023, "接待观众158.2万人次，比上年增加14.6万人次，上年为143.6万人次。"),),
    (Written(2023, "救灾经费680万元，比上年增加40万元，增长6.25%。"),),
    (Written(2023, "地区生产总值达到480亿元，比上年增加80亿元，按可比价格计算增长5.2%。"),),
    (Written(2023, "2022年末全市共有科普小屋75家，2023年新命名11家，撤销3家，年末达到83家。"),),
    (Written(2023, "2022年末全市共有科普凉亭75家，2023年新命名11家，年末达到86家。"),),
    (Written(2023, "引进外资61.3亿元，比上年增加3.4亿元，占全省的10.2%。"),),
    (Written(2023, "全市出版图书240.0万册。其中，自然科学类194.1万册，社会科学类45.9万册。"),),
    (Written(2021, "全市出生率为6.31‰；死亡率为7.02‰；自然增长率为-0.71‰。"),),
    (Written(2023, "万车死亡人数为0.8人，每万人口发明专利25.4件。"),),
    (Written(2023, "劳动生产率18.2万元/人，颗粒物浓度41μg/m3。"),),
    (Written(2023, "截至2022年8月31日，协会共有车辆7辆；2023年计划购置车辆1辆。", "工作要点"),),
    (Written(2023, "干部培训3次。2021年未全部完成的任务继续推进，自己完成调研2次。"),),
    (Written(2023, "协会编印简报12期。比2021年多3期。"),),
    (Written(2023, "2021年以来，协会编印年鉴3册。"),),
    (Written(2021, "城镇调查失业率控制在5.5%左右。", "工作要点"), Written(2021, "城镇调查失业率平均值为5.0%。")),
    (Written(2022, "惠及市民134.6万人次。"), Written(2023, "惠及市民158.2万人次，上年为134.6万人次。")),
    (Written(2022, "服务学生134.6万人次。"), Written(2023, "线上触达学生158.2万人次，上年为86万人次。")),
    (Written(2022, "科普书屋达到75家。"), Written(2023, "新建科普书屋11家。科普书屋达到84家。")),
    (Written(2022, "注册会员2.43万名。"), Written(2023, "注册会员2.8万名。注册会员增长15.2%。")),
    (Written(2023, "翻修宣传橱窗100处。", "工作要点"), Written(2023, "宣传橱窗翻修任务圆满完成，用工12人。")),
    (Written(2023, "全年刊出墙报稿件106篇，分为天文类40篇、地理类38篇、其他28篇。"),),
    (Written(2023, "协会举办讲座86场：天文20场、地理16场、化学12场等。"),),
    (Written(2023, "收到来稿320篇，采用120篇，其余200篇存档。"),),
    (Written(2023, "藏品情况如下。\n\n类别\t数量（件）\n矿物\t31\n其中：水晶\t12\n化石\t29\n合计\t60"),),
    (Written(2023, "刊物经费868.5万元。按用途分，编辑402万元，印刷289万元，邮寄96.5万元，其他81万元。"),),
    (Written(2023, "选出特等奖1篇，一等奖3篇、二等奖6篇、三等奖12篇。"),),
    (Written(2023, "一季度至三季度分别放映20场、24场、26场，全年放映92场。"),),
    (Written(2023, "装配望远镜70台（永川区21台、江津区18台、合川区16台）。"),),
    (Written(2023, "抽检样品450件，合格441件，不合格9件，合格率98%。"),),
    (Written(2023, "受理申请450件，其中新收420件，办结430件，办结率95.6%。"),),
    (Written(2023, "80个村中有60个建起了图书角，占全市图书角的4%。"),),
    (Written(2023, "会员中优秀的占30%，党员占20%，其他人员占10%。"),),
    (Written(2023, "原有观测点64个，增设9个，现有观测员81个。"),),
    (Written(2023, "上年末在册帮扶对象320人，全年新增46人，年末在册310人。"),),
    (Written(2023, "上年新建气象角12座，今年新建18座，累计90座。"),),
    (Written(2023, "实验事故2起，比控制目标少6起。"),),
    (Written(2023, "新建观星台46个，与年度任务相比还有富余。"),),
    (Written(2023, "巡展的城市共有四个：上海、南京、杭州、宁波。"),),
    (Written(2023, "永川区建成科普墙31面，江津区建成科普墙17面，合川区建成科普墙2800面，大足区建成科普墙1面。"),),
]  # fmt: skip


@pytest.fixture
def findings(connection: Connection) -> dict[str, set[tuple[str, str]]]:
    """What one audit of all these notices finds: rules with their severities, by notice."""
    named = [(f"{code}-{number}", case) for code, cases in FAULTS.items() for number, case in enumerate(cases)]
    named += [(f"sound-{number}", case) for number, case in enumerate(SOUND)]
    readings = [
        written.read(f"{name}/{at}", f"{PLACES[order % len(PLACES)]}{PLACES[order // len(PLACES)]}川市")
        for order, (name, case) in enumerate(named)
        for at, written in enumerate(case)
    ]
    house.begin_run(connection, "written", source="yunchuan", owner="Duty desk", publisher="云川市科学普及协会")
    house.stage(connection, "written", readings)
    checks.audit(connection, "written")
    found: dict[str, set[tuple[str, str]]] = {reading.capture.notice_id: set() for reading in readings}
    for notice_id, rule, severity in connection.execute("SELECT notice_id, rule, severity FROM stage.finding"):
        found[notice_id].add((rule, severity))
    return found


def test_every_fault_is_found_by_its_rule_and_by_no_other(findings: dict[str, set[tuple[str, str]]]) -> None:
    expected, seen = {}, {}
    for code, cases in FAULTS.items():
        for number, case in enumerate(cases):
            for at, _ in enumerate(case):
                key = f"{code}-{number}/{at}"
                last = at == len(case) - 1
                if code == "target_dropped":
                    last = not last  # found where the target stands
                expected[key] = {code} if last else set()
                seen[key] = {rule for rule, severity in findings[key] if severity != "info" or rule == code}
    assert seen == expected


def test_what_only_looks_faulty_is_left_alone(findings: dict[str, set[tuple[str, str]]]) -> None:
    told = {
        f"{number}: {' / '.join(written.body for written in case)}": found
        for number, case in enumerate(SOUND)
        if (found := {one for at, _ in enumerate(case) for one in findings[f"sound-{number}/{at}"]})
        - {("notice_has_figures", "info"), ("subject_not_empty", "info")}
    }
    assert told == {}
