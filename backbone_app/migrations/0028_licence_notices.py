from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('backbone', '0027_link_hooks'),
    ]

    operations = [
        migrations.AddField(
            model_name='remotelicence',
            name='told_turn',
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
    ]
