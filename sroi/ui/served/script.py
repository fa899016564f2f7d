"""What Streamlit runs: inside the package, so that an installed wheel has it."""

from sroi.ui.shell import run

run()
