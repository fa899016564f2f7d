"""The app. `sroi app` starts the same page from an installed package."""

from sroi.ui.page import show

show()
