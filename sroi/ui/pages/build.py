"""What Streamlit runs for this page."""

from sroi.ui import build, shell

shell.of_its_own(build.show)
