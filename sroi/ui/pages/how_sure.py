"""What Streamlit runs for this page."""

from sroi.ui import how_sure, shell

shell.of_a_case(how_sure.show)
