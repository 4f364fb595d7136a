"""A page to look at: labelled files in, one self-contained HTML file out."""

from stance.report.reading import Labelled, read_labelled
from stance.report.writing import Report, write_report

__all__ = ["Labelled", "Report", "read_labelled", "write_report"]
