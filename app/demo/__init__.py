"""The demonstration: a made-up district, made by the product's own services and never by rows written by hand."""

from app.demo.loading import load, logins, sample_report

__all__ = ["load", "logins", "sample_report"]
