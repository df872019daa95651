"""How pages are made: embedding, formulas, numbers, figures, checks. No mathematics of the course."""
