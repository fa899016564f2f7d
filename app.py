"""The app. `sroi app` starts the same pages from an installed package."""

from sroi.ui.shell import run

run()
