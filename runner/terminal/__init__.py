"""A terminal in pure Python: bytes in, a grid of styled cells out; keys and mouse the other way.

No Textual here: the widget in `runner/tui` builds on the Protocol in `engine`.
"""
