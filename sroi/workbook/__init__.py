"""The workbook: a service with live formulas, written and read back; Value Maps from elsewhere, read in."""
