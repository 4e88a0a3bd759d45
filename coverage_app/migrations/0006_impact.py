"""A run's checkpoint is named as every background job names it; what is due to be noted anew is found at once."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coverage_app", "0005_workbench_groups")]

    operations = [
        migrations.RenameField(model_name="impactrun", old_name="last_case", new_name="checkpoint"),
        migrations.AlterField(
            model_name="impactrun",
            name="checkpoint",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="impactrun",
            name="done",
            field=models.PositiveIntegerField(default=0, help_text="How many were looked at."),
        ),
        migrations.AlterField(
            model_name="impactrun",
            name="total",
            field=models.PositiveIntegerField(default=0, help_text="How many there are to look at."),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("noted_until__isnull", False)), fields=["noted_until"], name="case_noted_until"
            ),
        ),
    ]
