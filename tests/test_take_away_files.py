"""The summary and the images that are taken away: what they say, that they fit, and that they ask for nothing."""

from __future__ import annotations

import datetime
import re

import pytest
from playwright.sync_api import Browser, sync_playwright

import sroi
from sroi import library
from sroi.chart_files import chart_files
from sroi.reference import relationship_profile
from sroi.schema_options import Rating
from sroi.summary_page import Asked, summary_page

DAY = datetime.date(2026, 11, 25)
BROWSER = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
HOSTILE = "</style><script>alert(1)</script> =1+1"


@pytest.fixture(scope="module")
def browser() -> Browser:  # type: ignore[misc]
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path="/usr/bin/chromium", args=BROWSER)
        yield found
        found.close()


def everything_rated(service: sroi.Service) -> sroi.Service:
    why = "Staff ask about circumstances at the start; interviews with ten people, autumn 2026."
    known = [key for entries in relationship_profile().values() for key in entries]
    return service.replace(profile={key: Rating(rating=3, why=why) for key in known})


def asked(service: sroi.Service, **request: object) -> Asked:
    result = sroi.evaluate(service, **request)  # type: ignore[arg-type]
    simulation = sroi.simulate(service, 200, preset="by_grade", **request)  # type: ignore[arg-type]
    return Asked(result, simulation, DAY, "https://example.org/explore?service=a")


@pytest.mark.parametrize("name", library.ids())
def test_a_summary_prints_on_two_pages(name: str, browser: Browser) -> None:
    page = browser.new_page()
    page.set_content(summary_page(asked(everything_rated(sroi.load(name)))))
    pdf = page.pdf(prefer_css_page_size=True)
    page.close()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 2


def test_a_summary_says_what_it_is_and_holds_every_part() -> None:
    service = everything_rated(sroi.load("debt_advice"))
    name = next(key for key, parameter in service.parameters.items() if parameter.unit.startswith("GBP"))
    found = asked(service, values={name: 123.0}, scenario="cautious" if "cautious" in service.scenarios else None)
    text = summary_page(found)
    assert found.simulation is not None
    for said in (
        "25 November 2026",
        "sroi 0.1.0",
        "Green Book 2026",
        "Key figures",
        "Not priced, and in no figure",
        "What was changed",
        "From gross to net",
        "Who pays and who gains",
        "What carries the result",
        "Sources on which most rests",
        "Profile of the relationship",
        "https://example.org/explore?service=a",
    ):
        assert said in text
    assert "<script" not in text
    assert not re.search(r"<(img|link|iframe)|@import|url\(", text)


def test_hostile_text_stays_text() -> None:
    service = sroi.load("legal_advice")
    hostile = service.replace(about=service.about.model_copy(update={"title": HOSTILE, "does_not_show": (HOSTILE,)}))
    text = summary_page(Asked(sroi.evaluate(hostile), None, DAY))
    assert "<script" not in text
    assert text.count("</style>") == 1


def test_every_chart_becomes_an_image_with_its_terms() -> None:
    found = asked(sroi.load("debt_advice"))
    images = chart_files(found.result, found.simulation, "svg", DAY)
    assert len(images) == 7
    for name, image in images.items():
        assert name.startswith("debt_advice_base_green_book_2026_2026-11-25_sroi-")
        text = image.decode()
        assert "25 November 2026" in text
        assert "sans-serif" in text
        # Addresses are the names of the format, and lead nowhere.
        assert set(re.findall(r"https?://[^\"' ]+", text)) <= {
            "http://www.w3.org/2000/svg",
            "http://www.w3.org/1999/xlink",
        }
    lens = chart_files(sroi.evaluate(sroi.load("employment_adviser")), None, "svg", DAY)
    assert sum(name.endswith("_relationship.svg") for name in lens) == 1
    pictures = chart_files(found.result, None, "png", DAY)
    assert len(pictures) == 5
    assert all(image.startswith(b"\x89PNG") for image in pictures.values())
