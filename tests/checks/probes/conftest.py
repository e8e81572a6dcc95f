from __future__ import annotations

import pytest

from tests.checks.probes.recorded_lab import ENGINES, RecordedLab


@pytest.fixture(params=ENGINES)
def lab(request: pytest.FixtureRequest) -> RecordedLab:
    return RecordedLab(request.param)
