"""What a person chooses: folders, models, certainty, password."""
