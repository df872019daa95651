"""Exercises: for each topic a checker that tells what is wrong with what you wrote. Needs NumPy alone."""
