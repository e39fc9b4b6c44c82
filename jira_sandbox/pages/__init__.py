"""The pages of the little Jira, for people and for browsers that act for them.

====================================================  =================================================
GET ``/signin?next=``, POST ``account``, ``next``     choose an account (short name or account id)
POST ``/theme`` ``theme``, ``next``                   light, dark or auto
GET ``/``                                             the spaces one may see
GET, POST ``/spaces/<KEY>``                           work items; create one
GET, POST ``/browse/<KEY>``                           a work item with its history; edit it
GET, POST ``/browse/<KEY>/delete``                    confirm; delete it
POST ``/browse/<KEY>/transition`` ``transition``      move it on; ``resolution`` where that is asked for
POST ``/browse/<KEY>/comments`` ``comment``           comment on it; ``visibility``: "", ``internal``,
                                                      ``role:<name>`` or ``group:<id>``
POST ``/browse/<KEY>/comments/<id>[/delete]``         change the comment; delete it
GET ``/spaces/<KEY>/settings``                        Space settings
GET ``/spaces/<KEY>/settings/apps/<module key>``      the app's page in an iframe
GET ``/spaces/<KEY>/settings/workflows``              the workflows with the post functions of apps
GET, POST ``…/<workflow>/<transition>/new/<module>``  the app's page for a new one; store ``configuration``
GET, POST ``…/functions/<id>``, POST ``…/delete``     the page for one that is there; store; take out
GET ``/spaces/<KEY>/apps/<module key>``               the app's page of a space
GET ``/plugins/servlet/ac/<app>/<module key>``        its page for the site, for admins or to configure
GET ``/_host/token?space=<id or key>[&item=<KEY>]``   own-page token of the person signed in, as plain text
GET ``/_host/updated?item=<KEY>``                     when a work item last changed, as plain text
GET ``…/applinks/listApplicationLinks[/new]``         Data Center's application links, for Jira admins
GET, POST ``…/incoming``, GET ``…/<client id>``       link an external application; see its credentials
POST ``…/<client id>/delete``                         take a link back
GET, POST ``/rest/oauth2/latest/authorize``           answer what an application asks; ``decision``: ``allow``
GET ``/apps``                                         the installed app, for Jira admins
POST ``/apps/install`` ``descriptor_url``             install; ``/apps/uninstall``, ``enable``, ``disable``
GET ``/counters``                                     calls, points and deliveries
GET ``/_static/<name>``                               ``host.js``, the stand-in ``all.js``, style sheets
====================================================  =================================================

Who is signed in is kept in the cookie ``sandbox_user_<site>``; nobody is asked for a password. Forms are sent
as ``application/x-www-form-urlencoded``; one that succeeds answers 303, one that does not 200 with messages.
"""
