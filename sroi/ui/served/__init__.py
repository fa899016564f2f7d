"""Where Streamlit finds what it runs: not beside ``pages/``, whose files it would take for pages without our frame."""
