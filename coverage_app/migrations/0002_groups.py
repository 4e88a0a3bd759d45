"""The three groups of people, with what each may do."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

CASE_WORK = ["add_case", "change_case", "view_case", "view_assessment"]
READ_POLICIES = ["view_document", "view_edition"]
POLICY_MODELS = [
    "document", "edition", "provision", "guidelinerow", "guidelinestatement", "authorizationrule", "listedcode",
    "remark", "fact", "factvalue",
]  # fmt: skip
GROUPS = {
    "coordinator": CASE_WORK + READ_POLICIES,
    "reviewer": ["view_case", "view_assessment", *READ_POLICIES],
    "policy editor": [f"{verb}_{model}" for model in POLICY_MODELS for verb in ("add", "change", "delete", "view")]
    + ["view_diagnosiscode", "view_auditevent"],
}


def make_groups(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Permissions are normally made after all migrations: make them here, so that the groups can have them."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    using = schema_editor.connection.alias
    for name, codenames in GROUPS.items():
        group, _ = Group.objects.using(using).get_or_create(name=name)
        for codename in codenames:
            verb, model = codename.split("_", 1)
            type_, _ = ContentType.objects.using(using).get_or_create(app_label="coverage_app", model=model)
            label = apps.get_model("coverage_app", model)._meta.verbose_name
            permission, _ = Permission.objects.using(using).get_or_create(
                content_type=type_, codename=codename, defaults={"name": f"Can {verb} {label}"}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("coverage_app", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
