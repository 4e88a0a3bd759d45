"""What coordinators, reviewers and policy editors may do at the case desk."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

STEPS = ["add_payerstep", "change_payerstep", "view_payerstep"]
GROUPS = {
    "coordinator": [
        *(f"{verb}_evidence" for verb in ("add", "change", "delete", "view")),
        *(f"{verb}_upload" for verb in ("add", "change", "view")),
        *STEPS,
        "view_casereview",
        "view_lettertemplate",
    ],
    "reviewer": [*STEPS, "add_casereview", "view_casereview", "view_evidence", "view_upload", "view_lettertemplate"],
    "policy editor": ["view_payerstep", "view_casereview", "add_lettertemplate", "view_lettertemplate"],
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
    dependencies = [("coverage_app", "0007_case_desk")]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
