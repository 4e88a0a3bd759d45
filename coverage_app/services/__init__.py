"""The only writers. Keyword-only, atomic, take ``by``, leave an audit event."""
