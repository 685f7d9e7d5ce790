import uuid

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import IsEmpty, IsValid
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db.models import F, Func, Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from gisplatform.geo import STORAGE_SRID, WEB_MERCATOR
from gisplatform.models import Department, User
from interventions.glossary.models import Category
from interventions.requests.lifecycle import OPEN, State
from interventions.requests.queries import ServiceRequestManager
from interventions.routing.models import Decision


class Notify(models.TextChoices):
    """How somebody is told what becomes of their request; where that cannot be, the other way serves."""

    EMAIL = "email", _("by e-mail")
    SMS = "sms", _("by SMS")
    NONE = "none", _("do not notify")


class Requester(models.Model):
    """The person behind a request: personal data, kept apart, erased on schedule."""

    name = models.CharField(_("name"), max_length=120, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    notify = models.CharField(_("notified"), max_length=5, choices=Notify, default=Notify.EMAIL)
    # Since when this address is known to be nobody's: it is not written to again, whoever gives it.
    email_refused_at = models.DateTimeField(_("e-mail refused"), null=True, blank=True)
    # Since when the address is this one, where it was corrected: what comes back of earlier mails was for another.
    email_since = models.DateTimeField(_("e-mail corrected"), null=True, blank=True, editable=False)
    # Since when what we send does not arrive; nothing once something does.
    unreached_at = models.DateTimeField(_("not reached"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    # All of it as it is searched: without accents, capitals, or signs in the number.
    person = models.GeneratedField(
        expression=Func("name", "email", "phone", function="interventions_person"),
        output_field=models.TextField(), db_persist=True,
    )  # fmt: skip

    class Meta:
        verbose_name, verbose_name_plural = _("requester"), _("requesters")
        indexes = [
            GinIndex(fields=["person"], opclasses=["gin_trgm_ops"], name="requester_person"),
            models.Index(Upper("email"), condition=Q(email_refused_at__isnull=False), name="requester_email_refused"),
            models.Index(fields=["id"], condition=Q(unreached_at__isnull=False), name="requester_unreached"),
        ]

    def __str__(self) -> str:
        return f"requester {self.pk}"


class Channel(models.TextChoices):
    PHONE = "phone", _("Telephone")
    COUNTER = "counter", _("Front desk")
    MAIL = "mail", _("Letter or e-mail")
    TECHNICIAN = "technician", _("Technician")
    WEB = "web", _("Website")
    OPEN311 = "open311", _("Open311")
    PARTNER = "partner", _("Partner authority")
    IMPORT = "import", _("Imported file")


NOT_CLOSED = ~Q(state=State.CLOSED)
# Where a request counts on a map: the square of the Web Mercator grid at zoom 25 that a point of the place lies in.
SPOT_X = "(ST_X(ST_Transform(ST_PointOnSurface(%(expressions)s), 3857)) + 20037508.342789244)"
SPOT_Y = "(20037508.342789244 - ST_Y(ST_Transform(ST_PointOnSurface(%(expressions)s), 3857)))"
SPOT = "least(greatest(floor({} / 40075016.685578488 * 33554432), 0), 33554431)::int"


def _spot(along: str) -> models.GeneratedField:
    return models.GeneratedField(
        expression=Func(F("geom"), template=SPOT.format(along)), output_field=models.IntegerField(), db_persist=True
    )


class ServiceRequest(models.Model):
    """What somebody asks for, at a place: a geometry, a category, an origin, a description."""

    class Nature(models.TextChoices):
        INCIDENT = "incident", _("Incident")
        SUGGESTION = "suggestion", _("Suggestion")

    class PlaceSource(models.TextChoices):
        FIX = "fix", _("Satellite fix")
        CORRECTED = "corrected", _("Satellite fix, corrected by hand")

    reference = models.CharField(_("reference"), max_length=20)
    key = models.UUIDField(_("idempotency key"), unique=True, default=uuid.uuid4)
    tracking_token = models.CharField(_("tracking token"), max_length=40)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.TO_SORT)
    nature = models.CharField(_("nature"), max_length=10, choices=Nature, default=Nature.INCIDENT)
    category = models.ForeignKey(
        Category, models.PROTECT, db_index=False, related_name="requests", verbose_name=_("category")
    )
    description = models.TextField(_("description"), blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    words = models.GeneratedField(
        expression=Func("reference", "address", "description", "category", function="interventions_words"),
        output_field=SearchVectorField(), db_persist=True,
    )  # fmt: skip
    geom = models.GeometryField(_("place"), srid=STORAGE_SRID)
    geom_3857 = models.GeneratedField(
        expression=Func(F("geom"), WEB_MERCATOR, function="ST_Transform"),
        output_field=models.GeometryField(srid=WEB_MERCATOR), db_persist=True,
    )  # fmt: skip
    spot_x, spot_y = _spot(SPOT_X), _spot(SPOT_Y)
    accuracy_m = models.FloatField(_("accuracy of the place, in metres"), null=True, blank=True)
    captured_at = models.DateTimeField(_("captured"), null=True, blank=True)
    place_source = models.CharField(_("how it was placed"), max_length=10, choices=PlaceSource, blank=True)
    channel = models.CharField(_("origin"), max_length=10, choices=Channel)
    author = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests_logged",
        verbose_name=_("logged by"),
    )
    issued_by = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="requests_issued",
        verbose_name=_("on behalf of"),
    )
    requester = models.ForeignKey(
        Requester,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="requests",
        verbose_name=_("requester"),
    )
    department = models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="requests_received",
        verbose_name=_("answered by"),
    )
    # Neither index nor constraint: thousands of rows are pointed to a new decision without touching any index, and
    # the statement that points is the one that writes the decision.
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, db_constraint=False,
        verbose_name=_("decision"),
    )  # fmt: skip
    duplicate_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,  # a stricter one stands in the migration: only to a request that joins no other
        related_name="duplicates",
        verbose_name=_("joins"),
    )
    submitted_at = models.DateTimeField(_("received"))
    updated_at = models.DateTimeField(_("changed"))
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    objects = ServiceRequestManager()

    class Meta:
        verbose_name, verbose_name_plural = _("request"), _("requests")
        indexes = [
            # The orders of the list, of all and of what it is mostly filtered by. Each costs every import: a closed
            # request, which most of them are, stands in as few as will do.
            models.Index(fields=["-submitted_at", "-id"], name="request_latest"),
            models.Index(fields=["department", "-submitted_at", "-id"], name="request_department_latest"),
            models.Index(fields=["category", "-submitted_at", "-id"], name="request_category_latest"),
            models.Index(fields=["channel", "-submitted_at", "-id"], name="request_channel_latest"),
            models.Index(fields=["state", "-submitted_at", "-id"], condition=NOT_CLOSED, name="request_state_latest"),
            models.Index(fields=["due_at", "-id"], name="request_due"),
            models.Index(fields=["due_at", "-id"], condition=Q(state__in=OPEN), name="request_open_due"),
            # Counts of a department, and figures by the day of closing.
            models.Index(fields=["department", "state"], condition=NOT_CLOSED, name="request_department_state"),
            models.Index(
                fields=["closed_at"],
                include=["submitted_at", "category", "department", "issued_by", "author", "state"],
                name="request_closed",
            ),
            GinIndex(fields=["words"], name="request_words"),
            # Those of a period are counted, on the map and in figures, from this index alone.
            models.Index(
                fields=["submitted_at"],
                include=[
                    "spot_x",
                    "spot_y",
                    "category",
                    "department",
                    "issued_by",
                    "author",
                    "state",
                    "due_at",
                    "closed_at",
                ],
                name="request_spots",
            ),
            models.Index(fields=["duplicate_of"], condition=Q(duplicate_of__isnull=False), name="request_duplicates"),
        ]
        constraints = [
            # Not unique=True, which for texts makes a second index that nothing uses.
            models.UniqueConstraint(fields=["reference"], name="request_reference"),
            models.UniqueConstraint(fields=["tracking_token"], name="request_tracking_token"),
            models.CheckConstraint(condition=Q(IsValid("geom")) & ~Q(IsEmpty("geom")), name="request_place_is_valid"),
            models.CheckConstraint(
                condition=Q(duplicate_of__isnull=True) | Q(state=State.DUPLICATE) & ~Q(duplicate_of=F("id")),
                name="request_only_a_duplicate_joins",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class Attachment(models.Model):
    """A photo, re-encoded on arrival: of what is asked (`request`), or of what was done (`intervention`).

    It waits under the form's key until either is known.
    """

    request = models.ForeignKey(
        ServiceRequest,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="attachments",
        verbose_name=_("request"),
    )
    intervention = models.ForeignKey(
        "interventions.Intervention",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="photos",
        verbose_name=_("intervention"),
    )
    key = models.UUIDField(_("key of the form it came with"), db_index=True)
    uploaded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, verbose_name=_("sent by"))
    file = models.ImageField(_("photo"), upload_to="photos/%Y/%m", width_field="width", height_field="height")
    width = models.PositiveIntegerField(_("width"), null=True)
    height = models.PositiveIntegerField(_("height"), null=True)
    digest = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    from_requester = models.BooleanField(_("sent by the requester"), default=False)
    # Since when and by whom it is shown to requesters; who sent it from the tracking page sees it there anyway.
    shown_at = models.DateTimeField(_("shown since"), null=True, blank=True)
    shown_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("shown by")
    )

    class Meta:
        verbose_name, verbose_name_plural = _("photo"), _("photos")
        constraints = [models.UniqueConstraint(fields=["key", "digest"], name="a_photo_once_per_form")]

    def __str__(self) -> str:
        return f"photo {self.pk}"


class Satisfaction(models.Model):
    """How content a requester is with what was done: one answer a request, which they may change."""

    class Mark(models.TextChoices):
        GOOD = "good", _("Satisfied")
        FAIR = "fair", _("Partly satisfied")
        POOR = "poor", _("Not satisfied")

    request = models.OneToOneField(
        ServiceRequest, models.CASCADE, related_name="satisfaction", primary_key=True, verbose_name=_("request")
    )
    mark = models.CharField(_("answer"), max_length=4, choices=Mark)
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField(_("when"))

    class Meta:
        verbose_name, verbose_name_plural = _("satisfaction"), _("satisfactions")

    def __str__(self) -> str:
        return f"{self.mark} {self.pk}"
