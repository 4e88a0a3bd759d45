"""The policy editors' side: documents, editions, facts, and who may do what."""

from django.contrib import admin

from . import accounts, documents, editions, parts, records, vocabulary

__all__ = ["accounts", "documents", "editions", "parts", "records", "vocabulary"]

admin.site.site_header = "Coverage desk · policies"
admin.site.site_title = "Coverage desk"
admin.site.index_title = "Policies and questions"
admin.site.enable_nav_sidebar = False
