"""What policy editors may do in the workbench, and who may set a notice aside."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

ALL = ("add", "change", "delete", "view")
GROUPS = {
    "policy editor": [
        *(f"{verb}_{model}" for model in ("goldencase", "acceptance") for verb in ALL),
        *(f"{verb}_{model}" for model in ("sourcetext", "editionreview", "impactrun") for verb in ("add", "view")),
        "view_editionstate",
    ],
    "coordinator": ["view_policynotice", "change_policynotice"],
    "reviewer": ["view_policynotice"],
}


def allow(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Permissions are normally made after all migrations: make them here, so that the groups can have them."""
    Group = apps.get_model("auth", "Group")
    Permission = apps.get_model("auth", "Permission")
    ContentType = apps.get_model("contenttypes", "ContentType")
    using = schema_editor.connection.alias
    for name, codenames in GROUPS.items():
        group = Group.objects.using(using).get(name=name)
        for codename in codenames:
            verb, model = codename.split("_", 1)
            type_, _ = ContentType.objects.using(using).get_or_create(app_label="coverage_app", model=model)
            label = apps.get_model("coverage_app", model)._meta.verbose_name
            permission, _ = Permission.objects.using(using).get_or_create(
                content_type=type_, codename=codename, defaults={"name": f"Can {verb} {label}"}
            )
            group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("coverage_app", "0004_workbench")]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
