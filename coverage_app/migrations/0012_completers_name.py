"""An assessment keeps what its completer was called then, as all else on it."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name_completers(apps: Apps, _: BaseDatabaseSchemaEditor) -> None:
    """Of the assessments on file it is what they are called now."""
    assessments, users = apps.get_model("coverage_app", "Assessment"), apps.get_model("auth", "User")
    for user in users.objects.all():
        name = f"{user.first_name} {user.last_name}".strip() or user.username
        assessments.objects.filter(completed_by=user.pk).update(completed_by_name=name)


class Migration(migrations.Migration):
    dependencies = [("coverage_app", "0011_notices_seen_by_each")]

    operations = [
        migrations.AddField(
            model_name="assessment",
            name="completed_by_name",
            field=models.CharField(blank=True, max_length=310),
        ),
        migrations.RunPython(name_completers, migrations.RunPython.noop, elidable=True),
    ]
