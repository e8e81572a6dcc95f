"""The report in a real browser, opened from a file: nothing runs, nothing is fetched."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.grade.test_html import EVIL, a_class, written
from tests.web.chromium import Browser, browser

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
PAGES = ("index.html", "lessons/lesson-01.html", "learners/graded.html")
WIDTHS = (320, 390, 1440)


async def open_page(page: Browser, path: Path) -> None:
    """Open a page and wait until it is there."""
    await page.open(path.as_uri())
    await page.evaluate(
        "new Promise(done => document.readyState === 'complete' ? done()"
        " : addEventListener('load', done))"
    )
    assert await page.evaluate("location.pathname") == str(path)


async def show(page: Browser, width: int, scheme: str) -> None:
    await page.call(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=900,
        deviceScaleFactor=1,
        mobile=width < 600,
    )
    await page.call(
        "Emulation.setEmulatedMedia",
        features=[{"name": "prefers-color-scheme", "value": scheme}],
    )


async def keep(page: Browser, name: str) -> None:
    """Keep what is seen, where somebody asks for pictures."""
    if os.environ.get("LDN_PICTURES"):
        folder = Path(os.environ["LDN_PICTURES"])
        folder.mkdir(parents=True, exist_ok=True)
        await page.picture(folder / name)


async def test_it_opens_from_a_file_and_nothing_runs(tmp_path: Path) -> None:
    written(tmp_path, a_class(EVIL), EVIL)
    home = tmp_path / "report"
    async with browser(tmp_path / "profile") as page:
        for name in PAGES:
            await open_page(page, home / name)
            assert await page.evaluate("document.scripts.length + document.images.length") == 0
            assert await page.evaluate("document.styleSheets.length") == 1
            assert await page.evaluate("getComputedStyle(document.body).maxWidth") != "none"
        assert page.said == []
        assert set(page.requested) <= {(home / name).as_uri() for name in PAGES}


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_page_is_wider_than_its_window(tmp_path: Path, scheme: str) -> None:
    written(tmp_path, a_class("A name of several words"))
    async with browser(tmp_path / "profile") as page:
        for width in WIDTHS:
            await show(page, width, scheme)
            for name in PAGES:
                await open_page(page, tmp_path / "report" / name)
                wide = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
                assert wide <= 0, (name, width)
                await keep(page, f"report-{Path(name).stem}-{width}-{scheme}.png")
        dark = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert dark == {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 23, 28)"}[scheme]


async def test_the_heads_stay_when_a_map_is_scrolled(tmp_path: Path) -> None:
    results = a_class("Ada") * 12
    written(tmp_path, results)
    async with browser(tmp_path / "profile") as page:
        await show(page, 390, "light")
        await open_page(page, tmp_path / "report/lessons/lesson-01.html")
        moved = await page.evaluate(
            """(() => {
                const box = document.querySelector('.scroll.tall');
                box.scrollTo(80, 700);
                const at = one => box.querySelector(one).getBoundingClientRect();
                const edge = box.getBoundingClientRect();
                return [at('thead').top - edge.top, at('tbody .who').left - edge.left]
            })()"""
        )
        assert [abs(one) < 2 for one in moved] == [True, True], moved


async def test_in_print_nothing_is_hidden_behind_a_scroll(tmp_path: Path) -> None:
    written(tmp_path, a_class("Ada"))
    async with browser(tmp_path / "profile") as page:
        await open_page(page, tmp_path / "report/learners/graded.html")
        await page.call("Emulation.setEmulatedMedia", media="print")
        assert await page.evaluate(
            "[...document.querySelectorAll('.scroll')]"
            ".every(one => getComputedStyle(one).overflow === 'visible')"
        )
        assert await page.evaluate(
            "[...document.querySelectorAll('section.lesson')]"
            ".every(one => getComputedStyle(one).breakBefore === 'page')"
        )
        assert await page.evaluate("document.querySelector('table.points').offsetHeight") > 0
        assert not await page.evaluate("document.querySelector('.findings').offsetHeight")
        assert "is shared" not in await page.evaluate("document.body.innerText")
