import pytest

from app.core.errors import Refused
from app.core.hours import windows_of

WEEK = range(7)
HOURS = ([540, 600], [780, 840])


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("Mo 09:00-18:00", [[0, 540, 1080]]),
        ("Sa 08:00-12:00,13:00-17:30", [[5, 480, 720], [5, 780, 1050]]),
        ("Fr-Sa 22:00-04:00", [[4, 1320, 1680], [5, 1320, 1680]]),
        ("Su 22:00-02:00", [[6, 1320, 1560]]),
        ("24/7", [[day, 0, 1440] for day in WEEK]),
        ("Mo-Su 11:00-24:00; Mo-Fr off; PH off", [[5, 660, 1440], [6, 660, 1440]]),
        ("Mo 10:00-12:00; Jun-Aug Mo 11:00-12:00", [[0, 600, 720]]),
        ('Mo 11:00-15:00 open "Lunch", Mo 15:00-22:00 open "Dinner"', [[0, 660, 1320]]),
        ('Mo 08:00-16:00 || "on appointment"', [[0, 480, 960]]),
        ("closed", []),
    ],
)
def test_openstreetmap(text: str, windows: list[list[int]]) -> None:
    assert windows_of(text) == windows


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("周一至周五 9:00-18:00", [[day, 540, 1080] for day in range(5)]),
        ("周一至周五9：00－18：00", [[day, 540, 1080] for day in range(5)]),
        ("星期一到星期六：8:30～20:30", [[day, 510, 1230] for day in range(6)]),
        ("每天 08:00-22:00", [[day, 480, 1320] for day in WEEK]),
        ("9:00-17:30", [[day, 540, 1050] for day in WEEK]),
        ("10点-22点", [[day, 600, 1320] for day in WEEK]),
        ("24小时", [[day, 0, 1440] for day in WEEK]),
        ("全天24小时营业", [[day, 0, 1440] for day in WEEK]),
        ("10:00-次日2:00", [[day, 600, 1560] for day in WEEK]),
        (
            "周一、周三 9:00-12:00、13:00-17:00",
            [[0, 540, 720], [0, 780, 1020], [2, 540, 720], [2, 780, 1020]],
        ),
        ("周六 9:00-12:00，周日休息", [[5, 540, 720]]),
        ("周末 10:00-15:00", [[5, 600, 900], [6, 600, 900]]),
    ],
)
def test_chinese(text: str, windows: list[list[int]]) -> None:
    assert windows_of(text) == windows


@pytest.mark.parametrize("text", ["Mo-Fr 7:00-21; Sa-Su 12:00-18:00", "早上到晚上", "随时"])
def test_what_cannot_be_read_is_named(text: str) -> None:
    with pytest.raises(Refused, match="cannot be read") as refusal:
        windows_of(text)
    assert text in str(refusal.value)


@pytest.mark.parametrize("text", ['"by appointment"', "Su off", "每周一休息"])
def test_what_names_no_times_is_not_closed_for_ever(text: str) -> None:
    with pytest.raises(Refused, match="name no times"):
        windows_of(text)
