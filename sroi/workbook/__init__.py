"""The workbook: a service with live formulas, written and read back."""
