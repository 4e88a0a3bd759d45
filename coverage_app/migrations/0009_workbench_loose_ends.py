"""A golden case names a row in as many characters as a row's own id can have, and says what it lacks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("coverage_app", "0008_case_desk_groups")]

    operations = [
        migrations.AlterField(model_name="goldencase", name="row", field=models.CharField(blank=True, max_length=60)),
        migrations.AlterConstraint(
            model_name="goldencase",
            name="golden_case_expects_something",
            constraint=models.CheckConstraint(
                condition=models.Q(("retired", True), models.Q(("verdict", ""), _negated=True), _connector="OR"),
                name="golden_case_expects_something",
                violation_error_message="A golden case that holds expects a verdict.",
            ),
        ),
    ]
