"""The panel beside an edition that is being edited."""

from playwright.sync_api import expect

from coverage_app.models import Edition

from .editing import Form


def test_the_panel_follows_what_is_typed_and_saves_nothing(form: Form) -> None:
    expect(form.checks.locator("#live-gist")).to_contain_text("finding")
    form.criteria("B").fill("site is brest")
    expect(form.checks).to_contain_text("1 fault")
    form.checks.get_by_role("button", name="B").click()
    expect(form.criteria("B")).to_be_focused()
    form.criteria("B").fill("site is rectum and t_stage in (t3, t4)")
    expect(form.checks).to_contain_text("A and B both hold for some cases")
    form.card("B").get_by_role("button", name="Move B up").click()
    expect(form.checks).to_contain_text("A can never decide")
    expect(form.page.locator("#editing-checks")).to_contain_text("Checks: ")
    assert form.edition.provisions.get(code="B").criteria == "site is breast"


def test_the_panel_says_when_the_edition_is_no_longer_a_draft(form: Form) -> None:
    expect(form.checks.locator("#live-gist")).to_contain_text("finding")
    Edition.objects.filter(pk=form.edition.pk).update(status="in_review")
    form.criteria("B").fill("site is colon")
    expect(form.checks).to_contain_text("is in review now, not a draft")
    expect(form.criteria("B")).to_have_value("site is colon")
