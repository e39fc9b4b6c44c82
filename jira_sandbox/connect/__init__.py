"""The Connect side of a site: an app's installation, its tokens, its webhooks."""
