"""Report templates (报告模板): the marks and texts of an institution, kept in versions and looked at before use."""
