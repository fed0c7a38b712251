"""A comparison as CSV, Markdown, LaTeX, HTML or JSON; the terminal's own form is in the console."""
