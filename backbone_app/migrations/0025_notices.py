import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('backbone', '0024_remote_licence'),
    ]

    operations = [
        migrations.AddField(
            model_name='synchronization',
            name='told_turn',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.CreateModel(
            name='NoticeAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('space', models.CharField(blank=True, default='', max_length=32)),
                ('space_key', models.CharField(blank=True, default='', max_length=64)),
                ('address_sealed', models.BinaryField(default=bytes)),
                ('digest', models.CharField(max_length=64)),
                ('kinds', models.JSONField(default=list)),
                ('added_at', models.DateTimeField()),
                ('asked_at', models.DateTimeField()),
                ('confirm_digest', models.CharField(blank=True, db_index=True, default='', max_length=64)),
                ('confirm_until', models.DateTimeField(blank=True, null=True)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('leave_sealed', models.BinaryField(default=bytes)),
                ('leave_digest', models.CharField(max_length=64, unique=True)),
                ('failures_until', models.DateTimeField(blank=True, null=True)),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notice_addresses', to='backbone.site')),
            ],
        ),
        migrations.CreateModel(
            name='NoticeMail',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('mailbox_digest', models.CharField(max_length=64)),
                ('is_confirmation', models.BooleanField(default=False)),
                ('ticket_sealed', models.BinaryField(default=bytes)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('dropped', 'Dropped')], default='waiting', max_length=16)),
                ('made_at', models.DateTimeField()),
                ('not_before', models.DateTimeField()),
                ('attempts', models.PositiveIntegerField(default=0)),
                ('address', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mails', to='backbone.noticeaddress')),
                ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notice_mails', to='backbone.site')),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event', models.CharField(choices=[('request_sent', 'request_sent'), ('request_waits', 'request_waits'), ('request_accepted', 'request_accepted'), ('request_declined', 'request_declined'), ('request_withdrawn', 'request_withdrawn'), ('request_expired', 'request_expired'), ('failed', 'failed'), ('paused', 'paused'), ('resumed', 'resumed'), ('link_broken', 'link_broken'), ('link_mended', 'link_mended'), ('licence_ends', 'licence_ends'), ('licence_ended', 'licence_ended')], max_length=32)),
                ('detail', models.JSONField(blank=True, default=dict)),
                ('at', models.DateTimeField()),
                ('address', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='backbone.noticeaddress')),
                ('mail', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='backbone.noticemail')),
            ],
        ),
        migrations.AddConstraint(
            model_name='noticeaddress',
            constraint=models.UniqueConstraint(fields=('site', 'space', 'digest'), name='one_notice_address_per_place'),
        ),
        migrations.AddIndex(
            model_name='noticemail',
            index=models.Index(fields=['state', 'not_before'], name='notice_mail_by_turn'),
        ),
        migrations.AddIndex(
            model_name='noticemail',
            index=models.Index(fields=['mailbox_digest', 'made_at'], name='notice_mail_by_mailbox'),
        ),
    ]
