"""How the web server runs, wherever it is started in this folder: the command line says the rest."""

from __future__ import annotations

import gc


def post_worker_init(_worker: object) -> None:
    """Leave what every request shares out of the search for garbage, and search less often.

    The questionnaires, criteria and texts of the process are half a million objects that never become garbage.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)
