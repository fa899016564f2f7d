"""What Streamlit runs for this page."""

from sroi.ui import shell, start

shell.of_its_own(start.show)
