from django.db import migrations, models
from django.db.migrations.state import StateApps


def keep_the_last_stop(apps: StateApps, schema_editor: object) -> None:
    """Of the stops so far the last one is known."""
    rows = apps.get_model("backbone", "Synchronization").objects
    for row in rows.filter(stopped_at__isnull=False, resumed_at__gt=models.F("stopped_at")):
        row.stops = [[row.stopped_at.isoformat(), row.resumed_at.isoformat()]]
        row.save(update_fields=["stops"])


class Migration(migrations.Migration):
    """What was created in an earlier stop stays alone after a later one."""

    dependencies = [("backbone", "0015_cut_checks")]

    operations = [
        migrations.AddField(
            model_name="synchronization",
            name="stops",
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.RunPython(keep_the_last_stop, migrations.RunPython.noop),
    ]
