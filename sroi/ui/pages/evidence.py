"""What Streamlit runs for this page."""

from sroi.ui import evidence, shell

shell.of_a_case(evidence.show)
