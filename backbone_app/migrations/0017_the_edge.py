import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('backbone', '0016_every_stop'),
    ]

    operations = [
        migrations.AddField(
            model_name='site',
            name='is_restricted',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.CreateModel(
            name='DownloadTicket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('account', models.CharField(max_length=128)),
                ('page', models.CharField(blank=True, default='', max_length=48)),
                ('what', models.CharField(max_length=32)),
                ('space', models.CharField(blank=True, default='', max_length=32)),
                ('synchronization', models.UUIDField(blank=True, null=True)),
                ('expires_at', models.DateTimeField(db_index=True)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='download_tickets', to='backbone.site')),
            ],
        ),
        migrations.CreateModel(
            name='AllowedGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=255)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='allowed_groups', to='backbone.site')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('site', 'group'), name='one_row_per_allowed_group')],
            },
        ),
        migrations.CreateModel(
            name='AuditEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=16)),
                ('account', models.CharField(blank=True, default='', max_length=128)),
                ('act', models.CharField(max_length=48)),
                ('page', models.CharField(blank=True, default='', max_length=48)),
                ('space', models.CharField(blank=True, default='', max_length=32)),
                ('synchronization', models.UUIDField(blank=True, null=True)),
                ('detail', models.JSONField(blank=True, default=dict)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='audit_entries', to='backbone.site')),
            ],
            options={
                'indexes': [models.Index(fields=['site', '-at', '-id'], name='audit_of_site')],
            },
        ),
    ]
