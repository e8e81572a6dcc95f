"""The live map: a lab's network as it is, what has changed in it, and how it is shown.

`snapshot` asks the lab, `scene` puts what it says into order, `diff` tells what has changed,
`wanted` what a lesson's step aims at; `layout`, `sentences` and `svg` show it. No screen is known
here.
"""
