"""The door for pages, interfaces and tiles."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gisplatform.settings")
application = get_wsgi_application()
