"""HTML that cannot carry what it quotes."""
