"""The app: pages that show tables, and compute nothing."""
