"""What Streamlit runs for this page."""

from sroi.ui import shell, take_away

shell.of_a_case(take_away.show)
