"""What Streamlit runs for this page."""

from sroi.ui import compare, shell

shell.of_a_case(compare.show)
