"""What Streamlit runs for this page."""

from sroi.ui import relationship, shell

shell.of_a_case(relationship.show)
