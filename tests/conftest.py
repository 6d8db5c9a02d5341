"""Hypothesis draws the same examples in every run, so that a test that passes here passes there."""

import hypothesis

hypothesis.settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis.settings.load_profile("ci")
