"""What the demo says about a customer, and what goes without saying for its trade."""

from dataclasses import dataclass

from app.customers.rules import Grade, Kind, Status


@dataclass(frozen=True)
class Shop:
    """A made-up business at a real street. `spot` is WGS-84; None: nobody pinned it yet.

    `last_seen` is how many days ago the last visit was, where the customer was neglected; 0 means
    that nobody was ever there, None that it is on the regular round. `hours` is OpenStreetMap's
    opening_hours; None: as usual in the trade; "": not known.
    """

    name: str
    short: str
    trade: str
    grade: Grade | None
    address: str
    spot: tuple[float, float] | None
    hours: str | None = None
    last_seen: int | None = None
    notes: str = ""
    tags: tuple[str, ...] = ()
    status: Status = Status.ACTIVE


@dataclass(frozen=True)
class Trade:
    """Texts are alternatives. `bosses` holds titles, the one who decides first; limits in yuan."""

    kind: Kind
    hours: str
    bosses: tuple[str, ...]
    categories: tuple[str, ...]
    buys: tuple[str, ...]
    could_buy: tuple[str, ...]
    limits: tuple[int, ...]
    terms: tuple[str, ...]
    cases: tuple[int, ...]
    dealer_prices: bool = False


SUPPLIERS = ("申茂商贸", "沪丰饮品", "汇达食品批发", "江南百货配送", "", "")
COMPETITORS = (
    "沪丰饮品每周一上门铺货",
    "申茂商贸给账期45天",
    "批发市场自提，价低但不送货",
    "汇达的促销力度大，返利每季一次",
    "",
)

TRADES = {
    "烟酒店": Trade(
        Kind.STORE, "Mo-Su 09:00-21:30", ("老板", "老板娘", "店员"),
        ("水", "茶饮料", "汽水", "能量饮料", "啤酒", "黄酒"),
        ("啤酒、黄酒为主，水和茶饮料走量稳定", "整箱水和啤酒，周末销量大"),
        ("能量饮料还在拿别家的货", "礼盒坚果，春节前可以谈"),
        (5000, 8000, 10000), ("现结", "月结30天", "货到付款"), (1, 2, 2, 3, 5),
    ),
    "便利店": Trade(
        Kind.STORE, "Mo-Su 07:00-23:00", ("店长", "老板", "值班店员"),
        ("水", "茶饮料", "汽水", "果汁", "能量饮料", "咖啡", "乳品", "薯片", "饼干", "坚果"),
        ("冷柜饮料、小包装零食", "瓶装水、茶饮料、咖啡"),
        ("乳品还没进，冷藏柜有一层空着", "坚果小包装，收银台边可以挂"),
        (3000, 5000, 8000), ("现结", "月结15天", "月结30天"), (1, 1, 2, 2, 3),
    ),
    "超市": Trade(
        Kind.STORE, "Mo-Su 08:00-22:00", ("采购经理", "店长", "理货主管"),
        ("水", "茶饮料", "汽水", "果汁", "乳品", "薯片", "饼干", "坚果", "啤酒"),
        ("全品类，水和乳品量最大", "饮料整箱堆头，零食走货架"),
        ("坚果礼盒、植物饮可以进堆头", "黄酒区还是别家的陈列"),
        (20000, 30000, 50000), ("月结30天", "月结45天"), (3, 5, 6, 8, 10),
    ),
    "餐厅": Trade(
        Kind.END_USER, "Mo-Su 10:00-14:00,16:30-22:00", ("老板", "采购", "吧台主管"),
        ("水", "汽水", "果汁", "啤酒", "黄酒", "植物饮"),
        ("啤酒、大瓶果汁、汽水", "啤酒和黄酒，包间用玻璃瓶水"),
        ("植物饮可以做佐餐饮料", "玻璃瓶气泡水，替换进口的"),
        (5000, 8000, 15000), ("月结30天", "现结", "月结15天"), (1, 2, 3, 4, 6),
    ),
    "茶楼": Trade(
        Kind.END_USER, "Mo-Su 09:30-22:30", ("老板", "店长"),
        ("水", "坚果", "饼干", "果汁"),
        ("桶装泡茶水、坚果茶点", "瓶装水、茶点小食"),
        ("饼干茶点换成我们的规格", "果汁给带孩子的客人"),
        (3000, 5000), ("现结", "月结30天"), (1, 1, 2, 3),
    ),
    "咖啡馆": Trade(
        Kind.END_USER, "Mo-Fr 07:30-19:00; Sa-Su 09:00-20:00", ("主理人", "店长", "咖啡师"),
        ("水", "乳品", "植物饮", "汽水", "饼干"),
        ("牛奶、燕麦饮每周两次", "燕麦饮为主，气泡水做特调"),
        ("巴氏奶换我们的，差价两毛", "饼干做咖啡搭配"),
        (2000, 4000), ("现结", "月结15天"), (1, 1, 2, 2),
    ),
    "酒店": Trade(
        Kind.END_USER, "Mo-Fr 09:00-17:30; Sa 09:00-12:00", ("采购经理", "餐饮总监", "仓库主管"),
        ("水", "汽水", "果汁", "啤酒", "坚果", "薯片", "乳品"),
        ("客房水、迷你吧饮料和坚果", "会议用水、早餐果汁乳品"),
        ("迷你吧零食整套换新", "宴会黄酒，明年框架合同"),
        (30000, 50000, 80000), ("月结45天", "月结60天"), (4, 5, 8, 10, 12),
    ),
    "单位": Trade(
        Kind.SITE, "Mo-Fr 08:30-17:00", ("行政主管", "食堂经理"),
        ("水", "乳品", "茶饮料", "饼干"),
        ("会议用水、食堂乳品", "员工茶歇、会议水"),
        ("下午茶零食架，按月补货", "高温季能量饮料"),
        (10000, 20000), ("月结30天", "月结60天"), (2, 3, 5, 6),
    ),
    "经销商": Trade(
        Kind.DEALER, "Mo-Sa 08:00-17:30", ("总经理", "采购经理", "仓库主管"),
        ("水", "茶饮料", "汽水", "果汁", "能量饮料", "啤酒", "薯片", "饼干"),
        ("水、茶饮料、啤酒，整车进货", "饮料全线，零食只做薯片"),
        ("坚果和乳品代理权", "周边学校渠道的能量饮料"),
        (100000, 150000, 200000), ("月结30天，季度返利", "款到发货，返利2%"), (20, 30, 40, 60),
        dealer_prices=True,
    ),
}  # fmt: skip
