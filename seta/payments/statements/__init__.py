"""A payee's statement as a document: the same statement gives the same bytes, in Chinese, English or Italian."""

from seta.payments.statements.csvfile import statement_csv
from seta.payments.statements.pdffile import statement_pdf

__all__ = ["statement_csv", "statement_pdf"]
