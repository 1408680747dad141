"""Files that were sent and wait for the person's word."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.extensions import Base


class WaitingFile(Base):
    """One file that somebody sent for one diagnosis: shown to that person only, gone once taken in, given up or old."""

    __tablename__ = "waiting_file"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    diagnosis_id: Mapped[UUID] = mapped_column(ForeignKey("diagnosis.id"), index=True)
    sent_by: Mapped[UUID] = mapped_column(ForeignKey("user.id"))
    sent_at: Mapped[datetime] = mapped_column(index=True)
    name: Mapped[str]  # as the person's machine calls it
    sha256: Mapped[str]  # of the content
    content: Mapped[bytes]
