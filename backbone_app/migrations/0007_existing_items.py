from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('backbone', '0006_trouble'),
    ]

    operations = [
        migrations.AddField(
            model_name='pairside',
            name='joined',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
