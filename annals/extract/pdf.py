"""PDF: text with its place on the page."""

import pypdfium2

from annals.errors import Unreadable
from annals.extract.compose import Composer
from annals.extract.detect import PDF
from annals.extract.limits import Options
from annals.model import Caution, Document, Page


def read(name: str, data: bytes, options: Options) -> Document:
    """The pages' text in the file's own order."""
    try:
        pdf = pypdfium2.PdfDocument(data, password=options.password)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            reason = (
                "the password does not open it" if options.password else "the PDF is encrypted and needs a password"
            )
            raise Unreadable(reason) from error
        raise Unreadable(f"the PDF is damaged ({error})") from error
    composer = Composer(options.limits)
    count = len(pdf)
    for number in range(1, min(count, options.limits.pages) + 1):
        page = pdf[number - 1]
        width, height = page.get_size()
        composer.pages.append(Page(number=number, width=width, height=height))
        for line in page.get_textpage().get_text_range().splitlines():
            composer.add("paragraph", line, page=number)
    if count > options.limits.pages:
        message = f"only the first {options.limits.pages} of {count} pages were read"
        composer.cautions.append(Caution(code="pages_cut", message=message))
    return composer.document(name, PDF)
