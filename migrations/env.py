"""Runs the migrations on the database of the application.

Give each new one a number: flask db migrate --rev-id 0002_what_changes -m "What changes"
"""

from __future__ import annotations

from alembic import context
from flask import current_app


def run() -> None:
    extension = current_app.extensions["migrate"]
    with extension.db.engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=extension.db.metadata,
            process_revision_directives=_no_empty_migration,
            **extension.configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()


def _no_empty_migration(_context: object, _revision: object, directives: list) -> None:
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives.clear()


run()
