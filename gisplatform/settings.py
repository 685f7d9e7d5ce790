"""All settings, each from one environment variable; docs/settings.md lists them with their defaults."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from gisplatform import cluster, env, native

BASE_DIR = Path(__file__).resolve().parent.parent
LOCAL_DIR = env.path("GISPLATFORM_LOCAL_DIR", BASE_DIR / ".local")

# --- Security -------------------------------------------------------------------------------------
DEBUG = env.flag("GISPLATFORM_DEBUG", default=False)
PUBLIC_URL = env.text("GISPLATFORM_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
SECRET_KEY = env.text("GISPLATFORM_SECRET_KEY") or env.kept_secret(LOCAL_DIR / "secret_key")
ALLOWED_HOSTS = env.words("GISPLATFORM_HOSTS", "127.0.0.1,localhost,[::1]")
HTTPS = PUBLIC_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
BEHIND_PROXY = env.flag("GISPLATFORM_BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
X_FRAME_OPTIONS = "DENY"
BASEMAPS = env.words("GISPLATFORM_BASEMAPS")  # of basemaps/catalogue.py; basemaps/policy.py allows their hosts
BASEMAP_HOSTS = env.words("GISPLATFORM_BASEMAP_HOSTS")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:", *BASEMAP_HOSTS],
        "connect-src": [SELF, *BASEMAP_HOSTS],
        "font-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Applications ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    "gisplatform",
    "basemaps",
    "layers",
    "interventions",
    "gisplatform.administration.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "csp",
    "django_filters",
    "rest_framework",
    "rest_framework_gis",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "procrastinate.contrib.django",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "basemaps.policy.AllowBasemaps",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "gisplatform.live.opening.Openings",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "gisplatform.errors.ErrorPages",
]
ROOT_URLCONF = "gisplatform.urls"
WSGI_APPLICATION = "gisplatform.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "gisplatform.pages.navigation",
                "gisplatform.announcements.announcements",
                "interventions.noticing.bell.bell",
            ],
            "builtins": [
                "gisplatform.templatetags.platform",
                "interventions.templatetags.states",
                "django.templatetags.i18n",
                "django.templatetags.static",
            ],
        },
    }
]

# --- Database, geography ---------------------------------------------------------------------------
STORAGE_SRID = env.number("GISPLATFORM_STORAGE_SRID", 2154)  # fixed before the first migration, in metres
_database = conninfo_to_dict(env.text("DATABASE_URL") or cluster.url(LOCAL_DIR))
# Compiling the routing statement takes longer than running it, and so does planning it: prepared, it keeps its plan.
_database.setdefault("options", "-c jit=off -c plan_cache_mode=force_generic_plan")
DATABASES = {
    "default": {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": _database.pop("dbname", "gisplatform"),
        "USER": _database.pop("user", ""),
        "PASSWORD": _database.pop("password", ""),
        "HOST": _database.pop("host", ""),
        "PORT": _database.pop("port", ""),
        # A request borrows a connection from the pool and gives it back: no persistent connection beside it.
        "OPTIONS": {**_database, "pool": {"min_size": 1, "max_size": env.number("GISPLATFORM_DB_POOL", 16)}},
        "CONN_MAX_AGE": 0,
        "TEST": {"NAME": env.text("GISPLATFORM_TEST_DB", "test_gisplatform")},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
GDAL_LIBRARY_PATH, GEOS_LIBRARY_PATH = native.gdal(), native.geos()
ROUTING_DOUBT_M = env.number("GISPLATFORM_ROUTING_DOUBT_M", 10)  # nearer to a border than this, an answer is doubtful
REOPEN_DAYS = env.number("GISPLATFORM_REOPEN_DAYS", 30)  # how long a requester may say that it is not repaired
NEARBY_M = env.number("GISPLATFORM_NEARBY_M", 50)  # open requests within this many metres may be the same problem

# --- Addresses from elsewhere: only asked where an address of a service is set -------------------------------
ADDRESS_URL = env.web_address("GISPLATFORM_ADDRESS_URL")
ADDRESS_TIMEOUT_MS = env.number("GISPLATFORM_ADDRESS_TIMEOUT_MS", 1500)
ADDRESS_CACHE_S = env.number("GISPLATFORM_ADDRESS_CACHE_S", 24 * 3600)

# --- People ----------------------------------------------------------------------------------------
AUTH_USER_MODEL = "gisplatform.User"
LOGIN_URL, LOGIN_REDIRECT_URL, LOGOUT_REDIRECT_URL = "login", "home", "login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- Language and time -------------------------------------------------------------------------------
LANGUAGE_CODE = env.text("GISPLATFORM_LANGUAGE", "fr")
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
TIME_ZONE = env.text("GISPLATFORM_TIME_ZONE", "Europe/Paris")
USE_TZ = USE_I18N = True

# --- Files -------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = LOCAL_DIR / "static"
# The version stands in the folder's name, so that the files keep the names they import each other by.
STATICFILES_DIRS = [
    ("vendor/maplibre-gl-6.17.0", BASE_DIR / "node_modules/maplibre-gl/dist"),
    ("vendor/idiomorph-0.8.0", BASE_DIR / "node_modules/idiomorph/dist"),
    ("vendor/leaflet-1.9.4", BASE_DIR / "node_modules/leaflet/dist"),
    ("vendor/inter-5.3.0", BASE_DIR / "node_modules/@fontsource-variable/inter/files"),
]
MEDIA_ROOT = env.path("GISPLATFORM_MEDIA_DIR", LOCAL_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "gisplatform.statics.HashedExceptVendor"},
}
# A browser may keep for ever what has its vendor's version, or our hash, in its address.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/vendor/|\.[0-9a-f]{12}\.[^./]+$"
UPLOAD_MAX_BYTES = env.number("GISPLATFORM_UPLOAD_MAX_MB", 20) * 1024 * 1024
LAYER_MAX_BYTES = env.number("GISPLATFORM_LAYER_MAX_MB", 200) * 1024 * 1024
LAYER_READ_S = env.number("GISPLATFORM_LAYER_READ_S", 120)
LAYER_READ_BYTES = env.number("GISPLATFORM_LAYER_READ_MB", 4096) * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

# --- Mail ----------------------------------------------------------------------------------------------
_mail = urlsplit(env.text("GISPLATFORM_EMAIL_URL", f"file://{LOCAL_DIR / 'mail'}"))
EMAIL_BACKEND = {
    "smtp": "django.core.mail.backends.smtp.EmailBackend",
    "smtps": "django.core.mail.backends.smtp.EmailBackend",
    "smtp+tls": "django.core.mail.backends.smtp.EmailBackend",
    "file": "django.core.mail.backends.filebased.EmailBackend",
}[_mail.scheme]
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "localhost", _mail.port or (465 if _mail.scheme == "smtps" else 25)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS, EMAIL_TIMEOUT = _mail.scheme == "smtps", _mail.scheme == "smtp+tls", 20
EMAIL_FILE_PATH = _mail.path or None
DEFAULT_FROM_EMAIL = env.text("GISPLATFORM_EMAIL_FROM", "Vos demandes <ne-pas-repondre@ville.example>")
BOUNCE_ADDRESS = env.mail_address("GISPLATFORM_BOUNCE_ADDRESS")

# --- SMS: only where the address of a gateway is set -------------------------------------------------------
SMS_URL = env.web_address("GISPLATFORM_SMS_URL")
SMS_AS_FORM = env.flag("GISPLATFORM_SMS_AS_FORM", default=False)
SMS_FROM = env.text("GISPLATFORM_SMS_FROM")
SMS_TIMEOUT_S = env.number("GISPLATFORM_SMS_TIMEOUT_S", 10)
SMS_QUIET = env.hours("GISPLATFORM_SMS_QUIET", "21:00-08:00")
SMS_SUNDAYS = env.flag("GISPLATFORM_SMS_SUNDAYS", default=False)  # and public holidays

# --- Work in the background ----------------------------------------------------------------------------------
WORKER_DEAD_S = env.number("GISPLATFORM_WORKER_DEAD_S", 30)  # without a sign: its jobs are taken up by another

# --- News as they come ----------------------------------------------------------------------------------
LIVE = env.flag("GISPLATFORM_LIVE", default=True)  # pages follow what happens; needs the ASGI server
LIVE_LOOK_S = env.number("GISPLATFORM_LIVE_LOOK_S", 30)  # how often who follows is looked at again

# --- Notifications of staff and companies -----------------------------------------------------------------------
DIGEST_AT = env.hour("GISPLATFORM_DIGEST_AT", "07:30")  # local time of the mail of the day
URGENT_HOURS = env.number("GISPLATFORM_URGENT_HOURS", 24)  # due within so many hours, work is urgent
NOTICE_DAYS = env.number("GISPLATFORM_NOTICE_DAYS", 90)  # read notifications are removed after so many days

# --- Interfaces ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "gisplatform.tokens.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["gisplatform.permissions.DeclaredPermission"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PARSER_CLASSES": ["gisplatform.media.JSONBody"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "gisplatform.errors.problem",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "gisplatform",
    "VERSION": "1",
    "DESCRIPTION": _("Requests from residents, routed by geography to the service that answers."),
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "Feature": ["Feature"],
        "FeatureCollection": ["FeatureCollection"],
        "InterventionMove": "interventions.work.lifecycle.MOVES",
        "InterventionState": "interventions.work.lifecycle.State",
        "RequestMove": "interventions.requests.lifecycle.MOVES",
        "RequestState": "interventions.requests.lifecycle.State",
        "RoutingState": [("routed", "routed"), ("to_sort", "to_sort")],
    },
}

# --- Logs: ids, never names, addresses, messages or positions -----------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "gisplatform.logs.LineFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("GISPLATFORM_LOG_LEVEL", "INFO")},
    # Which jobs there are and that one was queued is no news; what the worker does with it is.
    "loggers": {f"procrastinate.{name}": {"level": "WARNING"} for name in ("blueprints", "jobs", "periodic")},
}
