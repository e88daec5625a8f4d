"""mini_program, emulated."""
