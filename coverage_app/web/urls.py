"""The product's own pages."""

from django.contrib.auth import views as auth_views
from django.urls import URLPattern, path

from .views import about, cases, notices, policies, questionnaire, verdict, worklist

urlpatterns: list[URLPattern] = [
    path("", worklist.worklist, name="worklist"),
    path("cases/new/", cases.new_case, name="new_case"),
    path("cases/<slug:reference>/", verdict.verdict, name="case"),
    path("cases/<slug:reference>/questions/", questionnaire.questionnaire, name="questionnaire"),
    path("cases/<slug:reference>/complete/", cases.complete, name="complete_case"),
    path("cases/<slug:reference>/assessments/<int:number>/", verdict.assessment, name="case_assessment"),
    path("cases/<slug:reference>/notices/<int:pk>/seen/", notices.seen, name="notice_seen"),
    path("policies/", policies.policies, name="policies"),
    path("policies/<slug:code>/", policies.policy, name="policy"),
    path("policies/<slug:code>/map/", policies.coverage_map, name="coverage_map"),
    path("policies/<slug:code>/<str:in_force>/", policies.policy_edition, name="policy_edition"),
    path("suppose/", policies.suppose, name="suppose"),
    path("about/", about.about, name="about"),
    path("sign-in/", auth_views.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("sign-out/", auth_views.LogoutView.as_view(), name="logout"),
]
