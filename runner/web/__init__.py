"""The screen in a browser on the same machine; needs the extra `web` (textual-serve).

A page here is a root shell in a lab, so only who knows the token gets one (`guard`).
"""
