import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('backbone', '0018_the_edge_part_two'),
    ]

    operations = [
        migrations.AddField(
            model_name='leftover',
            name='task',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
        migrations.CreateModel(
            name='LateWrite',
            fields=[
                ('nonce', models.UUIDField(primary_key=True, serialize=False)),
                ('space', models.CharField(blank=True, default='', max_length=64)),
                ('item', models.CharField(blank=True, default='', max_length=64)),
                ('since', models.DateTimeField()),
                ('not_before', models.DateTimeField()),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='late_writes', to='backbone.site')),
            ],
            options={
                'indexes': [models.Index(fields=['not_before'], name='late_write_by_time')],
            },
        ),
        migrations.AlterField(
            model_name='journalentry',
            name='kind',
            field=models.CharField(choices=[('created', 'Created'), ('edited', 'Edited'), ('unmarked', 'Unmarked'), ('moved', 'Moved'), ('commented', 'Commented'), ('comment changed', 'Comment Changed'), ('comment removed', 'Comment Removed'), ('comment left', 'Comment Left'), ('conflict', 'Conflict'), ('stuck', 'Stuck'), ('failed', 'Failed'), ('paired', 'Paired'), ('workflow start', 'Workflow Started'), ('workflow stop', 'Workflow Stopped')], max_length=16),
        ),
    ]
