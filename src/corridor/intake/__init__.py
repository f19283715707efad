"""Outside material becomes raw mappings, and those become reports by the one door (`corridor.reading`)."""

from corridor.intake.batch import Batch, read_batch
from corridor.intake.example import example
from corridor.intake.refused import write_refused
from corridor.intake.tables import Decimals, Row, read_json_lines, read_table, template

__all__ = [
    "Batch",
    "Decimals",
    "Row",
    "example",
    "read_batch",
    "read_json_lines",
    "read_table",
    "template",
    "write_refused",
]
