"""Exercises: for each topic what you start from, a solution, and a checker that tells what is wrong. Needs NumPy alone.

In a module `check_x` takes your answer and says what is wrong with it; `x` is what you start from and `x_solved` a solution.
"""
