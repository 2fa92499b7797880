"""Made-up names of customers and people.

Belongs here: vocabularies and the drawing of unique names. Does not: attributes, habits.
"""

from random import Random

_PLACES = (
    "苏州", "上海", "杭州", "宁波", "南京", "无锡", "常州", "合肥", "武汉", "长沙", "成都", "重庆", "西安", "郑州",
    "济南", "青岛", "天津", "北京", "沈阳", "大连", "广州", "深圳", "东莞", "佛山", "厦门", "福州", "昆明", "南昌",
)  # fmt: skip
_BRANDS = (
    "恒昌", "鼎盛", "华腾", "瑞丰", "金桥", "宏远", "博纳", "天禾", "联科", "卓越", "泰和", "中启", "新源", "德润",
    "嘉美", "万通", "正邦", "远洋", "立信", "晟达", "海川", "云帆", "凯旋", "东岳", "汇智", "安泰", "同力", "祥云",
    "明德", "信达", "国泰", "长风", "启明", "龙翔", "顺达", "锦程", "盈科", "普惠", "佳禾", "盛世",
)  # fmt: skip
_TRADES: dict[str, tuple[tuple[str, str], ...]] = {
    "project": (
        ("建设工程有限公司", "建筑"),
        ("市政工程有限公司", "市政"),
        ("机电安装有限公司", "安装"),
        ("轨道交通建设有限公司", "交通"),
    ),
    "manufacturer": (
        ("机械制造有限公司", "机械"),
        ("汽车零部件有限公司", "汽车"),
        ("电子科技股份有限公司", "电子"),
        ("精密仪器有限公司", "仪器"),
    ),
    "retail_chain": (("连锁超市有限公司", "零售"), ("商贸有限公司", "商贸"), ("家居商场有限公司", "家居")),
    "other": (("物业管理有限公司", "物业"), ("能源有限公司", "能源"), ("物流有限公司", "物流")),
}
_SURNAMES = ("王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林")
_GIVEN = (
    "伟",
    "芳",
    "娜",
    "敏",
    "静",
    "磊",
    "洋",
    "艳",
    "勇",
    "杰",
    "涛",
    "明",
    "秀兰",
    "志强",
    "建华",
    "晓东",
)

_WEST_BRANDS = (
    "Nordfeld", "Albrecht", "Brunner", "Kestrel", "Lindqvist", "Marchetti", "Delacroix", "Hartwell", "Oakridge",
    "Steinbach", "Vandermeer", "Moreau", "Castellan", "Ferrante", "Bergstrom", "Holloway", "Pemberton", "Rosenau",
    "Thornbury", "Ulrichs", "Weidmann", "Zanetti", "Ashcombe", "Blackwood", "Corvino", "Dahlmann", "Eisenhut",
    "Fairbanks", "Grunewald", "Halvorsen", "Iversen", "Jansky", "Kowalczyk", "Lefebvre", "Novak", "Petrossian",
)  # fmt: skip
_WEST_TRADES: dict[str, tuple[tuple[str, str], ...]] = {
    "project": (
        ("Construction", "construction"),
        ("Engineering", "engineering"),
        ("Infrastructure", "infrastructure"),
    ),
    "manufacturer": (("Machinery", "machinery"), ("Automotive", "automotive"), ("Components", "components")),
    "retail_chain": (("Retail", "retail"), ("Home Stores", "furniture"), ("Markets", "grocery")),
    "other": (("Logistics", "logistics"), ("Energy", "energy"), ("Services", "services")),
}
_FORMS = {
    "DE": ("GmbH", "AG", "GmbH & Co. KG"),
    "FR": ("SAS", "SA"),
    "IT": ("S.p.A.", "S.r.l."),
    "NL": ("B.V.",),
    "SE": ("AB",),
    "PL": ("Sp. z o.o.",),
    "GB": ("Ltd", "plc"),
    "US": ("Inc.", "LLC", "Corp."),
}
WESTERN_COUNTRIES = tuple(_FORMS)
CHINESE_REGIONS = ("华东", "华南", "华北", "西南", "华中", "东北")
WESTERN_REGIONS = ("DACH", "Benelux", "Nordics", "South", "UK & Ireland", "North America")
CHINESE_COLLECTORS = ("周敏", "钱晓琳", "吴国栋", "沈佳")
WESTERN_COLLECTORS = ("A. Keller", "S. Brandt", "J. Novotna")
CHINESE_SALES = ("孙浩", "李文博", "赵雪", "何俊", "郭丽娜", "马超群")
WESTERN_SALES = ("T. Vogel", "C. Marin", "P. Lindholm", "E. Rossi")


class NameMaker:
    """Draws names that were not drawn before."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._used: set[str] = set()

    def chinese(self, nature: str) -> tuple[str, str]:
        """Name and industry of a Chinese enterprise."""
        while True:
            suffix, industry = self._rng.choice(_TRADES[nature])
            name = self._rng.choice(_PLACES) + self._rng.choice(_BRANDS) + suffix
            if self._rng.randrange(6) == 0:
                name = name.replace("有限公司", f"（{self._rng.choice(_PLACES)}）有限公司")
            if self._is_new(name):
                return name, industry

    def western(self, nature: str, country: str) -> tuple[str, str]:
        """Name and industry of a foreign enterprise."""
        while True:
            word, industry = self._rng.choice(_WEST_TRADES[nature])
            brand = self._rng.choice(_WEST_BRANDS)
            if self._rng.randrange(3) == 0:
                brand += f" & {self._rng.choice(_WEST_BRANDS)}"
            if self._is_new(name := f"{brand} {word} {self._rng.choice(_FORMS[country])}"):
                return name, industry

    def person(self) -> str:
        """Name of a private person; namesakes are told apart by nothing, as in life."""
        return self._rng.choice(_SURNAMES) + self._rng.choice(_GIVEN)

    def _is_new(self, name: str) -> bool:
        if name in self._used:
            return False
        self._used.add(name)
        return True
