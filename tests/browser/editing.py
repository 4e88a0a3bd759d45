"""The form of an edition in a browser window."""

import re

from playwright.sync_api import Locator, Page, expect

from coverage_app.models import Edition


def address(edition: Edition) -> str:
    return f"/admin/coverage_app/edition/{edition.pk}/change/"


class Form:
    """The form of an edition in a browser window."""

    def __init__(self, page: Page, edition: Edition) -> None:
        self.page, self.edition = page, edition
        page.goto(address(edition))

    def card(self, name: str) -> Locator:
        head = self.page.locator(".card-name").filter(has_text=re.compile(f"^{name}$"))
        return self.page.locator(".card:not(.empty-form)").filter(has=head)

    def criteria(self, name: str) -> Locator:
        return self.card(name).get_by_label("Criteria")

    def order(self) -> list[str]:
        return self.page.locator(".card:not(.empty-form) .card-name").all_inner_texts()

    @property
    def checks(self) -> Locator:
        return self.page.locator("#live")

    def said(self, words: str) -> None:
        expect(self.page.locator("#editing-said")).to_have_text(words)

    def save(self) -> list[str]:
        """Save, and the codes of the provisions that are then on file, in order."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Save and continue editing").click()
        expect(self.page.locator(".errornote")).to_have_count(0)
        return codes(self.edition)


def codes(edition: Edition) -> list[str]:
    return list(edition.provisions.order_by("position").values_list("code", flat=True))
