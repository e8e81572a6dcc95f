"""The agent: our one process inside a lab host, spoken to in lines of JSON (`agent.py`).

This folder is copied into the lab host and started there by its path, so its modules import one
another relatively and nothing else but the standard library, and of that only what starts fast:
values are named tuples because `dataclasses` alone would cost a third of the start.
"""
