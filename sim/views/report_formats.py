"""In which forms the report of a study can be had; each has a file that draws it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, get_args

from sim.text import Text

if TYPE_CHECKING:
    from sim.views.report_pictures import Tell
    from sim.views.study_report import StudyReport

ReportFormat = Literal["docx", "pptx", "xlsx", "pdf", "html"]
FORMATS: Final[tuple[ReportFormat, ...]] = get_args(ReportFormat)


def report_bytes(report: StudyReport, form: ReportFormat, text: Text, tell: Tell) -> bytes:
    """The report as the bytes of a file of a form.

    Parameters
    ----------
    tell
        Is told how many of how many parts are drawn.
    """
    match form:
        case "docx":
            from sim.views.docx_report import docx_report

            return docx_report(report, text, tell)
        case "pptx":
            from sim.views.pptx_report import pptx_report

            return pptx_report(report, text, tell)
        case "xlsx":
            from sim.views.xlsx_report import xlsx_report

            return xlsx_report(report, text, tell)
        case "pdf":
            from sim.views.pdf_report import pdf_report

            return pdf_report(report, text, tell)
        case "html":
            from sim.views.html_report import html_report

            return html_report(report, text, tell)
