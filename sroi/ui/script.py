"""What Streamlit runs: inside the package, so that an installed wheel has it."""

from sroi.ui.page import show

show()
