"""What a page shows, made ready for its template."""
