"""What an answer says is proved by what it cites, or left out."""
