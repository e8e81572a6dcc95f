"""The screen: one face of `runner.learn`, and the only package that imports Textual."""
