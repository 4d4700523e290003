"""The columns of a customer list, by the headings that people give them, in two languages."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.errors import Refused
from app.core.geo import Crs
from app.core.headings import matched, normal
from app.core.i18n import mark as _

# fmt: off
HEADINGS: dict[str, tuple[str, ...]] = {  # the better heading first
    "code": (
        "code", "customer code", "customer no", "customer number", "customer id", "客户编码",
        "客户编号", "客户代码", "编码", "编号", "代码", "account no", "account number", "store id",
        "store no", "store number", "shop id", "bank no", "联行号", "osm id", "external id", "id",
    ),
    "name": (
        "name", "customer name", "customer", "客户名称", "客户", "名称", "company name", "company",
        "公司名称", "单位名称", "store name", "shop name", "门店名称", "商户名称", "店名",
        "网点名称", "bank name", "account name",
    ),
    "short_name": ("short name", "简称", "客户简称"),
    "address": ("address", "street address", "street", "地址", "详细地址", "客户地址", "门店地址"),
    "region": (
        "region", "area", "territory", "区域", "片区", "大区", "district", "district stated",
        "区县", "行政区", "区", "district by polygon", "city", "城市", "市", "province", "省份",
        "省", "bank province",
    ),
    "phones": (
        "phone", "phones", "phone number", "telephone", "tel", "电话", "联系电话", "电话号码",
        "座机", "固定电话", "mobile", "mobile phone", "cell", "手机", "手机号", "手机号码",
        "联系方式",
    ),
    "kind": ("kind", "customer kind", "customer type", "type", "客户类型", "类型"),
    "industry": ("industry", "行业", "所属行业", "category", "业态", "品类"),
    "grade": ("grade", "class", "等级", "客户等级", "级别", "客户级别", "abc", "abc derived"),
    "status": ("status", "state of customer", "状态", "客户状态"),
    "opening_hours": ("opening hours", "hours", "business hours", "营业时间", "营业时段"),
    "owner": (
        "owner", "sales rep", "rep", "salesperson", "account manager", "负责人", "业务员",
        "客户经理", "业务代表", "销售", "跟进人",
    ),
    "tags": ("tags", "labels", "标签", "客户标签"),
    "notes": ("notes", "note", "remarks", "remark", "comment", "comments", "备注", "说明"),
    "credit_limit": ("credit limit", "信用额度", "授信额度"),
    "owed": (
        "owed", "balance", "balance due", "amount owed", "amount due", "receivable",
        "outstanding", "应收", "欠款", "欠款金额", "应收余额", "应收款", "应收账款",
    ),
    "owed_since": (
        "owed since", "due since", "overdue since", "due date", "欠款日期", "到期日", "应收到期日",
        "逾期日期",
    ),
    "visit_minutes": ("visit minutes", "minutes a visit", "拜访时长", "拜访分钟"),
    "currency": ("currency", "币种"),
    "payment_terms": ("payment terms", "terms", "账期", "付款条件", "付款方式", "结算方式"),
    "current_supplier": ("current supplier", "现供应商", "目前供应商", "当前供应商"),
    "competitors": ("competitors", "竞争对手", "竞品"),
    "source": ("source", "来源", "客户来源", "数据来源"),
    "contact": ("contact", "contact name", "contact person", "联系人", "联系人姓名"),
    "contact_title": ("contact title", "title", "position", "职务", "职位", "联系人职务"),
    "contact_phone": ("contact phone", "联系人电话", "联系人手机"),
}
SYSTEMS = {
    Crs.WGS84: ("wgs84", "wgs", "gps"),
    Crs.GCJ02: ("gcj02", "gcj", "amap", "高德", "腾讯", "火星"),
    Crs.BD09: ("bd09", "bd", "baidu", "百度"),
}
LATITUDE = ("lat", "latitude", "纬度")
LONGITUDE = ("lon", "lng", "long", "longitude", "经度")
# fmt: on


@dataclass(frozen=True)
class Columns:
    """The file's headings for our fields; `position` and `mark` are pairs, latitude first.

    `mark` tells code-less customers apart as the file writes it, whatever system it is read in.
    """

    fields: dict[str, list[str]]
    position: tuple[str, str] | None
    mark: tuple[str, str] | None
    unused: tuple[str, ...]
    other_systems: tuple[Crs, ...]


def known(heading: str) -> bool:
    return normal(heading) in _KNOWN


def recognise(headings: Sequence[str], crs: Crs) -> Columns:
    """Find our columns; positions come from columns that name `crs`, else from plain ones."""
    fields = matched(headings, HEADINGS)
    if "name" not in fields:
        raise Refused(_("There is no column with the customers' names, such as name or 客户名称."))
    pairs = {system: _pair(headings, SYSTEMS[system]) for system in Crs}
    plain = _pair(headings, ("",))
    position = pairs[crs] or plain
    used = {heading for own in fields.values() for heading in own} | set(position or ())
    return Columns(
        fields=fields,
        position=position,
        mark=plain or next(filter(None, pairs.values()), None),
        unused=tuple(heading for heading in headings if heading not in used),
        other_systems=() if position else tuple(system for system in Crs if pairs[system]),
    )


def _pair(headings: Sequence[str], systems: Sequence[str]) -> tuple[str, str] | None:
    found = matched(headings, {"lat": _named(LATITUDE, systems), "lon": _named(LONGITUDE, systems)})
    return (found["lat"][0], found["lon"][0]) if len(found) == 2 else None


def _named(words: Sequence[str], systems: Sequence[str]) -> list[str]:
    return [pair for name in systems for word in words for pair in (name + word, word + name)]


_KNOWN = {normal(word) for words in HEADINGS.values() for word in words} | {
    normal(word)
    for systems in (("",), *SYSTEMS.values())
    for word in (*_named(LATITUDE, systems), *_named(LONGITUDE, systems))
}
