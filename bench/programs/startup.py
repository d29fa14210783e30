"""Start-up: a program that does nothing; its whole-process time is what counts."""
