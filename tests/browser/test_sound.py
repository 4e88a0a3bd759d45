"""The check of the looks finds what it is there to find."""

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page

from .sound import assert_sound

FAULTS = {
    "pale on a tablet in the dark": """@media (prefers-color-scheme: dark) and (min-width: 700px)
        and (max-width: 800px) { main h1 { color: #333; background: #222 } }""",
    "pale once small": "@media (min-width: 1000px) { main p { color: #888; background: #fff; font-size: 14px } }",
    "too small to hit on a tablet": """@media (min-width: 700px) and (max-width: 800px) {
        header nav { gap: 0 !important } header nav a { font-size: 2px !important; padding: 0 !important;
        margin: 0 !important; min-height: 0 !important; line-height: 2px !important } }""",
    "without a heading on a desktop": "@media (min-width: 1000px) { main h1 { display: none } }",
    "too wide for a phone": "main h1 { min-width: 370px }",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found(page: Page, coordinator: User, fault: str) -> None:
    page.goto("/about/")
    page.evaluate(
        """css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css); document.adoptedStyleSheets.push(sheet); }""",
        FAULTS[fault],
    )
    with pytest.raises(AssertionError, match="px"):
        assert_sound(page)
