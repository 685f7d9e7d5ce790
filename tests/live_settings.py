"""The platform's own settings, as the tests have them, for a server beside the test."""

from gisplatform.settings import *  # noqa: F403

# Pages rendered in tests name static files as they lie in the tree.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}  # noqa: F405
WHITENOISE_USE_FINDERS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
