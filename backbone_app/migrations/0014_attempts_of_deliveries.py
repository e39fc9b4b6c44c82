from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("backbone", "0013_paired_by_hand"),
    ]

    operations = [
        migrations.AddField(
            model_name="delivery",
            name="attempts",
            field=models.PositiveIntegerField(default=0),
        ),
    ]
