"""Spreadsheets: what comes in from them, guarded, and what goes out."""
