"""What policy editors work with: states, source texts, golden cases, accepted findings, reviews, impact."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("coverage_app", "0003_note_until"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Acceptance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30)),
                ("key", models.CharField(max_length=200)),
                ("reason", models.TextField(validators=[django.core.validators.MinLengthValidator(3)])),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["kind", "key"],
            },
        ),
        migrations.CreateModel(
            name="EditionReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("on", models.DateField()),
                ("note", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["edition", "-on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="EditionState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("edition_number", models.BigIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("by_id", models.BigIntegerField(null=True)),
                ("by_name", models.CharField(max_length=150)),
                ("action", models.CharField(max_length=60)),
                ("why", models.TextField(blank=True)),
                ("content", models.TextField()),
                ("checksum", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ["edition_number", "-number"],
            },
        ),
        migrations.CreateModel(
            name="GoldenCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField(default=0)),
                ("name", models.CharField(max_length=200)),
                ("row", models.CharField(blank=True, max_length=40)),
                ("answers", models.JSONField(blank=True, default=dict)),
                ("verdict", models.CharField(blank=True, max_length=20)),
                ("why", models.TextField(blank=True)),
                ("retired", models.BooleanField(default=False)),
            ],
            options={
                "ordering": ["position", "pk"],
            },
        ),
        migrations.CreateModel(
            name="ImpactChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.CharField(max_length=20)),
                ("after", models.CharField(max_length=20)),
            ],
            options={
                "ordering": ["run", "case"],
            },
        ),
        migrations.CreateModel(
            name="ImpactRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.CharField(max_length=64)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("cancelled", "Cancelled"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("asked_at", models.DateTimeField(auto_now_add=True)),
                ("task", models.CharField(blank=True, max_length=64)),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0, help_text="Cases to look at.")),
                ("done", models.PositiveIntegerField(default=0, help_text="Cases looked at.")),
                (
                    "last_case",
                    models.BigIntegerField(default=0, help_text="The checkpoint: cases up to this one are done."),
                ),
                ("heartbeat_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                ("fault", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="PolicyNotice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("before", models.CharField(max_length=20)),
                ("after", models.CharField(max_length=20)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("seen_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "ordering": ["case", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="SourceText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("media_type", models.CharField(max_length=40)),
                ("size", models.PositiveIntegerField(help_text="Of the file, in bytes.")),
                ("checksum", models.CharField(help_text="SHA-256 of the file.", max_length=64)),
                ("text", models.TextField()),
                ("text_checksum", models.CharField(help_text="SHA-256 of the text.", max_length=64)),
                ("stored_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "ordering": ["edition", "-pk"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="edition",
            name="edition_status_known",
        ),
        migrations.RemoveConstraint(
            model_name="edition",
            name="published_edition_is_frozen",
        ),
        migrations.AddField(
            model_name="edition",
            name="edited_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="edition",
            name="edited_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="edition",
            name="started_from",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="coverage_app.edition",
            ),
        ),
        migrations.AlterField(
            model_name="edition",
            name="status",
            field=models.CharField(
                choices=[
                    ("draft", "Draft"),
                    ("in_review", "In review"),
                    ("published", "Published"),
                    ("withdrawn", "Withdrawn"),
                ],
                default="draft",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["draft", "in_review", "published", "withdrawn"])),
                name="edition_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "in_review"]),
                    models.Q(("published_at__isnull", False), ("vocabulary__isnull", False)),
                    _connector="OR",
                ),
                name="published_edition_is_frozen",
            ),
        ),
        migrations.AddConstraint(
            model_name="edition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("status__in", ["draft", "in_review"]),
                    ("edited_by__isnull", True),
                    ("published_by__isnull", True),
                    models.Q(("published_by", models.F("edited_by")), _negated=True),
                    _connector="OR",
                ),
                name="published_by_another_than_the_last_editor",
            ),
        ),
        migrations.AddField(
            model_name="acceptance",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="acceptance",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="acceptances", to="coverage_app.edition"
            ),
        ),
        migrations.AddField(
            model_name="editionreview",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="editionreview",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="coverage_app.edition"
            ),
        ),
        migrations.AddField(
            model_name="editionstate",
            name="document",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="states", to="coverage_app.document"
            ),
        ),
        migrations.AddField(
            model_name="goldencase",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="goldencases", to="coverage_app.edition"
            ),
        ),
        migrations.AddField(
            model_name="impactchange",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="coverage_app.case"
            ),
        ),
        migrations.AddField(
            model_name="impactrun",
            name="asked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="impactrun",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="impact_runs", to="coverage_app.edition"
            ),
        ),
        migrations.AddField(
            model_name="impactchange",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="changes", to="coverage_app.impactrun"
            ),
        ),
        migrations.AddField(
            model_name="policynotice",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="policy_notices", to="coverage_app.case"
            ),
        ),
        migrations.AddField(
            model_name="policynotice",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="coverage_app.edition"
            ),
        ),
        migrations.AddField(
            model_name="policynotice",
            name="seen_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="sourcetext",
            name="edition",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="sources", to="coverage_app.edition"
            ),
        ),
        migrations.AddField(
            model_name="sourcetext",
            name="stored_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="acceptance",
            constraint=models.UniqueConstraint(fields=("edition", "key"), name="finding_accepted_once"),
        ),
        migrations.AddConstraint(
            model_name="acceptance",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="acceptance_has_a_reason"
            ),
        ),
        migrations.AddConstraint(
            model_name="editionstate",
            constraint=models.UniqueConstraint(fields=("edition_number", "number"), name="edition_state_number_once"),
        ),
        migrations.AddConstraint(
            model_name="goldencase",
            constraint=models.UniqueConstraint(fields=("edition", "name"), name="golden_case_name_once_an_edition"),
        ),
        migrations.AddConstraint(
            model_name="goldencase",
            constraint=models.CheckConstraint(
                condition=models.Q(("retired", True), models.Q(("verdict", ""), _negated=True), _connector="OR"),
                name="golden_case_expects_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="impactrun",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["waiting", "running", "done", "cancelled", "failed"])),
                name="impact_status_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="impactrun",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["waiting", "running"])),
                fields=("edition",),
                name="one_impact_run_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="impactchange",
            constraint=models.UniqueConstraint(fields=("run", "case"), name="impact_change_once_a_case"),
        ),
        migrations.AddConstraint(
            model_name="impactchange",
            constraint=models.CheckConstraint(
                condition=models.Q(("before", models.F("after")), _negated=True), name="impact_change_changes"
            ),
        ),
        migrations.AddConstraint(
            model_name="policynotice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("seen_at__isnull", True), ("seen_by__isnull", True)),
                    models.Q(("seen_at__isnull", False), ("seen_by__isnull", False)),
                    _connector="OR",
                ),
                name="notice_seen_by_somebody_at_some_time",
            ),
        ),
    ]
