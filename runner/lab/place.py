"""Where a lab host has its tools, its data and what is gone at a restart, as `docker run` takes it.

What is said here is read by `image/host/files/usr/local/sbin/entry`.
"""

from __future__ import annotations

from runner.lab.template import Built

NO_TEMPLATE = 66
"""Status with which a lab host ends whose template is no longer in the store."""


def place_options(built: Built, lab: str, host: str) -> list[str]:
    """Give the options for one lab host.

    Of the data in the store only this lab's is kept: an owner has one lab at a time, and what an
    earlier one left is deleted whichever way it ended.
    """
    return [
        "--tmpfs=/run:exec,mode=755",
        "--tmpfs=/run/lock",
        "--tmpfs=/tmp:exec,mode=1777",
        f"--mount=type=volume,source={built.store_volume},target=/.store",
        f"--mount=type=volume,source={built.tools_volume},target=/ldn,readonly",
        f"--env=LDN_LAB={lab}",
        f"--env=LDN_HOST={host}",
        f"--env=LDN_LIVE={lab}",
        f"--env=LDN_TEMPLATE={built.template_key}",
    ]
