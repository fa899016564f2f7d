"""What Streamlit runs for this page."""

from sroi.ui import explore, shell

shell.of_a_case(explore.show, explore.first)
