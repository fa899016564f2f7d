"""What Streamlit runs for ``benchmarks/app.py``: the app, with a service of sixty inputs in its library."""

import sixty  # noqa: F401 - puts the service into the library

from sroi.ui.shell import run

run()
