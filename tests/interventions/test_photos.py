"""What becomes of a photo on arrival, whatever sent it: a telephone, a form without scripts, a program."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from gisplatform.errors import UnreadableFile
from interventions.requests.photos import reencode
from tests.heic import SMALL

ORIENTATION, GPS = 0x0112, 0x8825
SECRETS = {"comment": b"taken by Zoe", "xmp": b"<x:xmpmeta>taken by Zoe</x:xmpmeta>"}


def arrived(content: bytes, name: str = "a.jpg") -> Image.Image:
    return Image.open(io.BytesIO(reencode(SimpleUploadedFile(name, content))))


def written(image: Image.Image, as_: str = "JPEG", **more) -> bytes:
    output = io.BytesIO()
    image.save(output, as_, **more)
    return output.getvalue()


def held(orientation: int) -> bytes:
    """A photo of 40 × 20, red at its top left once upright, as a camera held this way stores it."""
    upright = Image.new("RGB", (40, 20), "white")
    upright.paste("red", (0, 0, 20, 10))
    back = {
        2: [Image.Transpose.FLIP_LEFT_RIGHT], 3: [Image.Transpose.ROTATE_180], 4: [Image.Transpose.FLIP_TOP_BOTTOM],
        5: [Image.Transpose.TRANSPOSE], 6: [Image.Transpose.ROTATE_90], 7: [Image.Transpose.TRANSVERSE],
        8: [Image.Transpose.ROTATE_270],
    }  # fmt: skip
    for step in back.get(orientation, []):
        upright = upright.transpose(step)
    told = Image.Exif()
    told[ORIENTATION] = orientation
    told.get_ifd(GPS)[1] = "N"
    return written(upright, exif=told, quality=95, **SECRETS)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_however_it_was_held_it_is_upright(orientation):
    stored = arrived(held(orientation))
    assert stored.size == (40, 20)
    green = stored.getchannel("G")
    assert green.getpixel((5, 4)) < 90
    assert all(green.getpixel(place) > 200 for place in ((34, 4), (5, 16), (34, 16)))


def test_nothing_but_the_picture_is_kept():
    content = held(6)
    assert b"Zoe" in content
    stored = reencode(SimpleUploadedFile("a.jpg", content))
    assert b"Zoe" not in stored
    image = Image.open(io.BytesIO(stored))
    assert len(image.getexif()) == 0
    assert {name for name in image.info if not name.startswith("jfif")} == set()


@pytest.mark.parametrize(
    ("as_", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("JPEG", "CMYK"), ("JPEG", "L")]
)
def test_whatever_it_was_it_is_a_jpeg_of_three_colours(as_, mode):
    stored = arrived(written(Image.new(mode, (30, 20)), as_))
    assert (stored.format, stored.mode, stored.size) == ("JPEG", "RGB", (30, 20))


def test_a_heic_is_a_jpeg_afterwards():
    stored = arrived(SMALL, "IMG_1.HEIC")
    assert (stored.format, stored.size) == ("JPEG", (64, 48))


def test_a_large_one_is_reduced_and_keeps_its_shape():
    assert arrived(written(Image.new("L", (4000, 3000)))).size == (2048, 1536)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (lambda: written(Image.new("1", (8000, 5000)), "PNG"), "trop de pixels"),  # 40 million
        (lambda: written(Image.new("1", (8000, 12_000)), "PNG"), "trop de pixels"),  # where Pillow warns
        (lambda: written(Image.new("1", (16_000, 12_000)), "PNG"), "trop de pixels"),  # where it raises
        (lambda: held(6)[:200], "pas une photo"),
        (lambda: held(6)[:-80], "pas une photo"),
        (lambda: b"%PDF-1.7 not a photo", "pas une photo"),
        (lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>", "pas une photo"),
        (lambda: written(Image.new("L", (9, 9)), "GIF"), "pas une photo"),
        (lambda: SMALL[:300], "pas une photo"),
        (lambda: b"", "pas une photo"),
    ],
    ids=["40-megapixels", "96-megapixels", "192-megapixels", "torn", "torn-at-its-end", "pdf", "svg", "gif",
         "torn-heic", "empty"],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_a_sentence(content, sentence):
    with pytest.raises(UnreadableFile, match=sentence):
        arrived(content())
