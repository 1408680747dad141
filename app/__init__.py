"""The web application: who does what, when. The only room with a clock, a database, a network and a session."""

from __future__ import annotations

import os
from datetime import timedelta

from flask import Blueprint, Flask, Response

from app.settings import Settings, SettingsError


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application, or refuse with a sentence that says what is missing on this machine."""
    from reports.pdf import RendererMissing, require_renderer

    try:
        settings = settings or Settings.from_env(os.environ)
        require_renderer()
    except (SettingsError, RendererMissing) as fault:
        from app.cli import app_of_files

        if files_only := app_of_files(fault):
            return files_only
        raise
    flask_app = Flask(__name__, static_folder=None)  # app/assets.py serves it
    _configure(flask_app, settings)
    _connect_extensions(flask_app)
    _connect_features(flask_app)
    return flask_app


def _configure(flask_app: Flask, settings: Settings) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    flask_app.config.update(
        ZHIZHEN=settings,
        SECRET_KEY=settings.secret_key,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=settings.request_limit_bytes,
        MAX_FORM_MEMORY_SIZE=settings.request_limit_bytes,
        MAX_FORM_PARTS=5000,
        PERMANENT_SESSION_LIFETIME=timedelta(minutes=settings.session_minutes),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=not settings.demo,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a form left open over lunch must still save
        BABEL_DEFAULT_LOCALE="zh",
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        TEMPLATES_AUTO_RELOAD=False,
        TRUSTED_HOSTS=["127.0.0.1", "localhost"] if settings.demo else None,
    )
    flask_app.jinja_env.add_extension("jinja2.ext.do")
    flask_app.jinja_env.trim_blocks = True
    flask_app.jinja_env.lstrip_blocks = True


def _connect_extensions(flask_app: Flask) -> None:
    from app import assets, audit, compression, jobs, presentation
    from app.access import deny_by_default, only_this_machine
    from app.errors import show_errors
    from app.extensions import babel, csrf, db, login, migrate

    db.init_app(flask_app)
    migrate.init_app(flask_app, db)
    csrf.init_app(flask_app)
    login.init_app(flask_app)
    from app.accounts.service import language_of_request

    babel.init_app(flask_app, locale_selector=language_of_request)
    audit.watch(db.session)
    presentation.register(flask_app)
    assets.register(flask_app)
    compression.register(flask_app)
    jobs.connect(flask_app)
    if flask_app.config["ZHIZHEN"].demo:
        only_this_machine(flask_app)
    deny_by_default(flask_app)
    show_errors(flask_app)
    flask_app.after_request(_secure_headers)


def _connect_features(flask_app: Flask) -> None:
    from app import cli
    from app.accounts import refill
    from app.reporting import tasks

    for blueprint in blueprints():
        flask_app.register_blueprint(blueprint)
    refill.register(flask_app)
    cli.register(flask_app)
    flask_app.cli.add_command(tasks.jobs)


def blueprints() -> tuple[Blueprint, ...]:
    """Return the addresses of every feature, from left to right."""
    from app.accounts.views import bp as accounts
    from app.colleagues.views import bp as colleagues
    from app.diagnosis.views import bp as diagnosis
    from app.diagnosis.way_views import bp as way
    from app.evidence.views import bp as evidence
    from app.firms.views import bp as firms
    from app.lists.views import bp as lists
    from app.parts.views import bp as parts
    from app.planning.saved_views import bp as plans
    from app.planning.views import bp as planning
    from app.programme.views import bp as programme
    from app.report_templates.views import bp as report_templates
    from app.reporting.views import bp as reporting
    from app.review.views import bp as review
    from app.verification.views import bp as verification
    from app.workbooks.views import bp as workbooks

    return (
        accounts,
        firms,
        diagnosis,
        lists,
        parts,
        evidence,
        colleagues,
        way,
        workbooks,
        review,
        planning,
        plans,
        report_templates,
        reporting,
        verification,
        programme,
    )


def _secure_headers(response: Response) -> Response:
    response.headers.setdefault(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "worker-src 'self'; manifest-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    )
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if not response.direct_passthrough and response.mimetype == "text/html":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
