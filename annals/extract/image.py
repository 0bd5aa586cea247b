"""Images as documents: each frame is a page, and recognised."""

import io

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from annals.errors import Unreadable
from annals.extract import budget
from annals.extract.compose import Composer
from annals.extract.flow import PageDraft, compose_pages
from annals.extract.limits import Options
from annals.extract.ocr import check_pixels, recognise
from annals.extract.recognised import add_page
from annals.model import Caution, Document

_A4 = 595.0  # points; the width that a page is given when the image does not say how large it is


def read(name: str, data: bytes, options: Options) -> Document:
    """The text of an image, or of every frame of a TIFF."""
    composer = Composer(options.limits)
    drafts: list[PageDraft] = []
    Image.MAX_IMAGE_PIXELS = None  # our own limit says more
    try:
        with Image.open(io.BytesIO(data)) as image:
            media_type = Image.MIME.get(image.format or "", "image")
            frames = getattr(image, "n_frames", 1)
            for index in range(min(frames, options.limits.ocr_pages)):
                image.seek(index)
                check_pixels(image.width, image.height, options.limits.pixels)
                drafts.append(_page(image, index + 1, options, composer))
    except UnidentifiedImageError as error:
        raise Unreadable("the image is damaged: its head cannot be read") from error
    except (OSError, SyntaxError, ValueError, EOFError) as error:
        raise Unreadable(f"the image is damaged ({error})") from error
    if frames > options.limits.ocr_pages:
        message = f"only the first {options.limits.ocr_pages} of {frames} pages were read"
        composer.cautions.append(Caution(code="pages_cut", message=message))
    compose_pages(drafts, composer)
    return composer.document(name, media_type)


def _page(image: Image.Image, number: int, options: Options, composer: Composer) -> PageDraft:
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    paper = Image.new("RGBA", upright.size, "white")
    pixels = np.asarray(Image.alpha_composite(paper, upright).convert("RGB"))[:, :, ::-1]
    stated = image.info.get("dpi", (0, 0))[0]
    scale = float(stated) / 72 if 60 < stated < 1300 else upright.width / _A4
    budget.grant(options.limits.ocr_seconds_per_page)
    return add_page(recognise(np.ascontiguousarray(pixels), scale), number, composer)
