"""Which address leads where: the product's own pages, and the policy editors' side under admin/."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("coverage_app.web.urls")),
]

handler400 = "coverage_app.web.views.errors.bad_request"
