"""People who sign in."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID, uuid4

from flask_login import UserMixin
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from app.access import Role
from app.extensions import Base


class User(UserMixin, Base):
    """One person with one role. Who fills in belongs to one firm, a district officer to one district."""

    __tablename__ = "user"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    email: Mapped[str] = mapped_column(unique=True)  # or a phone number, as `service.login_name` keeps them
    name: Mapped[str]
    role: Mapped[Role]
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(default=False)  # it was made by somebody else
    firm_id: Mapped[UUID | None] = mapped_column(ForeignKey("firm.id"), index=True)
    district: Mapped[str | None]  # GB/T 2260 code
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(default="zh")
    created_at: Mapped[datetime]

    @property
    def is_active(self) -> bool:
        """Tell the sign-in library whether this account may be used."""
        return self.active

    def get_id(self) -> str:
        """Return what a session remembers: the account and its present password, so that a change ends all sessions."""
        return f"{self.id}.{hashlib.sha256(self.password_hash.encode()).hexdigest()[:16]}"
