"""A notice is set aside by each who works on the case, not by the first for all."""

import django.db.models.deletion
from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_who_has_seen_it(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    notice, seen = (apps.get_model("coverage_app", name) for name in ("PolicyNotice", "NoticeSeen"))
    for pk, by, at in notice.objects.filter(seen_at__isnull=False).values_list("pk", "seen_by", "seen_at"):
        seen.objects.filter(pk=seen.objects.create(notice_id=pk, by_id=by).pk).update(at=at)


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("coverage_app", "0010_upload_forms"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoticeSeen",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="seen",
                        to="coverage_app.policynotice",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("notice", "by"), name="notice_seen_once_a_person")]
            },
        ),
        migrations.RunPython(keep_who_has_seen_it, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint(model_name="policynotice", name="notice_seen_by_somebody_at_some_time"),
        migrations.RemoveField(model_name="policynotice", name="seen_at"),
        migrations.RemoveField(model_name="policynotice", name="seen_by"),
    ]
