"""What one printer prints with: a report in all its forms, from the same frozen record and the same terms."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from app.reporting.models import Form
from app.reporting.printing import Order, given_of, laid_out
from reports.html import to_html
from reports.office import WarmOffice
from reports.warm import WarmRenderer


class Press:
    """The renderer of the PDF, and what writes the report for Word and the workpaper. Used as a context; not shared."""

    def __init__(self) -> None:
        self.renderer, self.office = WarmRenderer(), WarmOffice()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, _kind: type[BaseException] | None, _fault: object, _trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End both processes."""
        self.renderer.close()
        self.office.close()

    def print_all(self, order: Order, timeout_s: int) -> dict[Form, bytes]:
        """Return every form of a report; each may take so long. Raises CannotPrint and RenderFailed."""
        given = given_of(order)
        report = laid_out(given, order.template)
        return {
            Form.PDF: self.renderer.to_pdf(to_html(report, order.record.result_file), timeout_s),
            Form.WORD: self.office.to_word(report, timeout_s),
            Form.WORKPAPER: self.office.workpaper(given, timeout_s),
        }
