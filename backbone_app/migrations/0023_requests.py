import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('backbone', '0022_when_first_sought'),
    ]

    operations = [
        migrations.AddField(
            model_name='synchronizationside',
            name='asking_message',
            field=models.CharField(blank=True, db_default='', default='', max_length=1000),
        ),
        migrations.CreateModel(
            name='Unfinished',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('space', models.CharField(max_length=64)),
                ('account', models.CharField(max_length=128)),
                ('way', models.CharField(max_length=32)),
                ('entered', models.JSONField(default=dict)),
                ('done', models.PositiveSmallIntegerField(default=0)),
                ('touched_at', models.DateTimeField()),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='unfinished', to='backbone.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'space', 'account'), name='one_unfinished_per_author')],
            },
        ),
    ]
