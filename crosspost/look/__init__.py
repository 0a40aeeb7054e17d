"""What people ask to see, gathered without changing anything: check, preview, status."""
