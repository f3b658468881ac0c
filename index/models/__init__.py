"""Models on this computer: fetched, checked, converted and run."""
