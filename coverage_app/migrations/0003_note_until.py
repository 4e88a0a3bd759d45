"""The day until which a draft's verdict on the worklist holds."""

import datetime as dt

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

LONG_AGO = dt.date(2000, 1, 1)


def make_due(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Nobody knows until when the drafts on file hold: they are noted anew at the first look."""
    cases = apps.get_model("coverage_app", "Case").objects.using(schema_editor.connection.alias)
    cases.filter(status="draft", document__isnull=False, date_of_service__isnull=True).update(noted_until=LONG_AGO)


class Migration(migrations.Migration):
    dependencies = [("coverage_app", "0002_groups")]

    operations = [
        migrations.AddField(
            model_name="case",
            name="noted_until",
            field=models.DateField(
                blank=True, help_text="From this day on the verdict is to be noted anew.", null=True
            ),
        ),
        migrations.RunPython(make_due, migrations.RunPython.noop),
    ]
