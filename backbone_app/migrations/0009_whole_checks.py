"""How far a check of all pairs has come, kept so that a killed one goes on where it was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("backbone", "0008_fair_order")]

    operations = [
        migrations.AddField("reconciliation", "cursor", models.BigIntegerField(default=0)),
        migrations.AddField("reconciliation", "missing", models.PositiveIntegerField(default=0)),
    ]
