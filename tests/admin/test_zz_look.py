"""throw-away"""

import datetime as dt, json, os
from pathlib import Path
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import User, Group
from django.urls import reverse
from coverage_app.models import *
from coverage_app.services.editions import note_uses

OUT = Path("/tmp/desk/admin_shots")
OUT.mkdir(exist_ok=True)


def draft():
    d = Document.objects.get(code="nia")
    old = d.editions.first()
    e = Edition.objects.create(document=d, in_force=dt.date(2027, 1, 1), last_reviewed="2026-10")
    for m in (Provision, ListedCode, Remark):
        for p in list(m.objects.filter(edition=old)):
            p.pk = None
            p.edition = e
            p.save()
    AuthorizationRule.objects.create(
        edition=e, position=1, setting="outpatient", rule="required", quote="q", locator="l"
    )
    g = Edition.objects.create(document=Document.objects.get(code="abs"), in_force=dt.date(2027, 1, 1))
    row = GuidelineRow.objects.create(
        edition=g,
        position=1,
        code="abs-x",
        title="X",
        version="1",
        category="NA",
        sites=["colon"],
        quote="q",
        locator="l",
    )
    GuidelineStatement.objects.create(row=row, position=1, criteria="always", stance="supports")
    note_uses(edition=e)
    note_uses(edition=g)
    return e, g, row


def test_look(live_server, page, sign_in, context):
    e, g, row = draft()
    su = User.objects.create_superuser("root", password="x")
    sign_in("root")
    pub = Edition.objects.filter(status="published", document__code="bcbsma").first()
    A = lambda n, *a: reverse("admin:" + n, args=a)
    pages = {"index": A("index"), "app": A("app_list", "coverage_app"), "pwchange": A("password_change")}
    for m in ("document", "edition", "guidelinerow", "remark", "fact"):
        pages[m + "_list"] = A(f"coverage_app_{m}_changelist")
        pages[m + "_add"] = A(f"coverage_app_{m}_add")
    pages["document_change"] = A("coverage_app_document_change", e.document_id)
    pages["document_delete"] = A("coverage_app_document_delete", e.document_id)
    pages["edition_draft"] = A("coverage_app_edition_change", e.pk)
    pages["edition_draft_g"] = A("coverage_app_edition_change", g.pk)
    pages["edition_published"] = A("coverage_app_edition_change", pub.pk)
    pages["edition_published_g"] = A(
        "coverage_app_edition_change", Edition.objects.get(document__code="abs", status="published").pk
    )
    pages["publish"] = A("coverage_app_edition_publish", e.pk)
    pages["publish_faults"] = A("coverage_app_edition_publish", pub.pk)
    pages["withdraw"] = A("coverage_app_edition_withdraw", pub.pk)
    pages["edition_delete"] = A("coverage_app_edition_delete", e.pk)
    pages["edition_history"] = A("coverage_app_edition_history", e.pk)
    pages["row_change"] = A("coverage_app_guidelinerow_change", row.pk)
    pages["row_view"] = A("coverage_app_guidelinerow_change", GuidelineRow.objects.exclude(pk=row.pk).first().pk)
    pages["remark_change"] = A("coverage_app_remark_change", Remark.objects.filter(edition=e).first().pk)
    pages["remark_view"] = A("coverage_app_remark_change", Remark.objects.filter(edition=pub).first().pk)
    pages["fact_site"] = A("coverage_app_fact_change", Fact.objects.get(code="site").pk)
    pages["fact_age"] = A("coverage_app_fact_change", Fact.objects.get(code="age").pk)
    pages["fact_delete"] = A("coverage_app_fact_delete", Fact.objects.get(code="age").pk)
    pages["dx_list"] = A("coverage_app_diagnosiscode_changelist")
    pages["dx_view"] = A("coverage_app_diagnosiscode_change", "C20")
    pages["audit_list"] = A("coverage_app_auditevent_changelist")
    pages["audit_view"] = A("coverage_app_auditevent_change", AuditEvent.objects.first().pk)
    for m, o in (("user", User.objects.get(username="editor")), ("group", Group.objects.get(name="policy editor"))):
        pages[m + "_list"] = A(f"auth_{m}_changelist")
        pages[m + "_add"] = A(f"auth_{m}_add")
        pages[m + "_change"] = A(f"auth_{m}_change", o.pk)
    pages["user_password"] = A("auth_user_password_change", User.objects.get(username="editor").pk)
    only = os.environ.get("ONLY")
    if only:
        pages = {k: v for k, v in pages.items() if k in only.split(",")}
    axe = Axe()
    seen = {}
    widths = [int(w) for w in os.environ.get("W", "390,768,1440").split(",")]

    def check(name):
        for w in widths:
            for scheme in ("light", "dark"):
                page.set_viewport_size({"width": w, "height": 900})
                page.emulate_media(color_scheme=scheme)
                page.wait_for_timeout(250)
                r = axe.run(page)
                for v in r.response["violations"]:
                    for n in v["nodes"]:
                        key = (v["id"], v["impact"], n["html"][:160])
                        seen.setdefault(key, [n["failureSummary"][:300], set()])[1].add(f"{name}@{w}{scheme[0]}")
                over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                if over > 0:
                    seen.setdefault(("OVERFLOW", "", name), ["", set()])[1].add(f"{w}:{over}")
                page.screenshot(path=OUT / f"{name}_{w}_{scheme}.png", full_page=not os.environ.get("FOLD"))

    for name, url in pages.items():
        resp = page.goto(live_server.url + url)
        assert resp.status == 200, (name, resp.status)
        check(name)
    if not only:
        page.goto(live_server.url + pages["edition_draft"])
        page.fill("#id_provisions-0-criteria", "margin is clse")
        page.click("text=Add another Provision")
        page.click("input[name=_save]")
        check("edition_error")
        context.clear_cookies()
        page.goto(live_server.url + "/admin/login/")
        check("login")
    for k, (why, where) in sorted(seen.items(), key=lambda x: x[0]):
        print(k, why.replace("\n", " "), sorted(where)[:6], len(where))
    assert not seen
