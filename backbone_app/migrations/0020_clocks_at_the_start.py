from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('backbone', '0019_late_writes'),
    ]

    operations = [
        migrations.AddField(
            model_name='synchronizationside',
            name='started_ahead_ms',
            field=models.IntegerField(blank=True, null=True),
        ),
    ]
