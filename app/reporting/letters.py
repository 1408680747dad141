"""The letter of truthfulness (真实性承诺书) alone, to be signed: a paper of one diagnosis."""

from __future__ import annotations

from app import papers
from app.diagnosis.models import Diagnosis
from app.papers import Paper, PaperState, digest_of, folder_of
from reports.html import letter_to_html
from reports.signing import Signing, letter

KIND = "letters"


def find(diagnosis: Diagnosis, language: str) -> Paper:
    """Return where the letter is or will be kept. Whether the diagnosis may be seen, is asked before."""
    firm = diagnosis.firm
    made = letter(Signing(firm.name, firm.uscc, diagnosis.as_of, diagnosis.number), language)
    html = letter_to_html(made)
    return Paper(folder_of(KIND) / f"{diagnosis.id}-{language}-{digest_of(html)}.pdf", language, made.title, html)


def ask(diagnosis: Diagnosis, language: str) -> Paper:
    """Let the printing process make it; one of the same diagnosis that says something else is not kept any longer."""
    wanted = find(diagnosis, language)
    if wanted.state is not PaperState.READY:
        for old in folder_of(KIND).glob(f"{diagnosis.id}-{language}-*"):
            if not old.name.startswith(wanted.pdf.stem):
                old.unlink(missing_ok=True)
        papers.ask(wanted)
    return wanted
