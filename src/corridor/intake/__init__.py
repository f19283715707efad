"""Outside material becomes raw mappings, and those become reports by the one door (`corridor.reading`)."""

from corridor.intake.batch import Batch, read_batch
from corridor.intake.tables import Decimals, Row, read_json_lines, read_table, template

__all__ = ["Batch", "Decimals", "Row", "read_batch", "read_json_lines", "read_table", "template"]
