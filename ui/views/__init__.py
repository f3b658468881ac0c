"""What the window shows becomes HTML, which cannot carry what it quotes."""
