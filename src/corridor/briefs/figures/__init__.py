"""Pictures as SVG text: pure functions, no library, no colour that carries meaning alone."""
