"""Which Chromium of this machine is taken, and how it is started."""

from __future__ import annotations

import shutil

# The first is Chromium without its own windows, the same engine; a window of it costs a quarter of the work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# The address bar of a whole Chromium keeps two pages ready for each window, which cost more than the page of a journey.
# Whoever names features replaces those that Playwright names, so they stand here as far as they matter.
WITHOUT = (
    "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "AimEnabled", "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose", "HttpsFirstBalancedModeAutoEnable", "HttpsUpgrades", "MediaRouter",
    "NetworkTimeServiceQuerying", "OptimizationHints", "PaintHolding", "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
)  # fmt: skip
# Nothing may leave this machine, and nothing of the machine is needed.
SWITCHES = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", f"--disable-features={','.join(WITHOUT)}",
)  # fmt: skip


def find() -> str | None:
    """Return the path of a Chromium, None where this machine has none."""
    return next(filter(None, map(shutil.which, NAMES)), None)
