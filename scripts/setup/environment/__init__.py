"""What is installed and with what: the packages of Python, the language model engine, the programs of the tests."""
