"""Changes drawn at random in the code, each of which a test should see.

`python -m tests.mutation` draws single changes (a comparison, an operator, a constant, and/or) in
the packages that have no second engine to watch them, runs the tests that reach the changed line,
and lists the changes that no test noticed. The changes are those of Cosmic Ray; which tests reach
a line is measured once with coverage and remembered.
"""
