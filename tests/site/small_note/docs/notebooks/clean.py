# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Practice
#
# In which all is right: $x^2$, and a link to [a page](../clean.md).

# %% alt="A line from 1 up to 2"
import matplotlib.pyplot as plt

from snippets import toy

print(toy.step(1))
lines = plt.plot([1, 2])
