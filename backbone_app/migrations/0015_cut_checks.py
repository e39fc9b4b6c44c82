from django.db import migrations, models


class Migration(migrations.Migration):
    """A check that is cut goes on where it was, and its point is when it began."""

    dependencies = [("backbone", "0014_attempts_of_deliveries")]

    operations = [
        migrations.AddField(
            model_name="reconciliation",
            name="begun_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="reconciliation",
            name="reached",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
    ]
