"""Payments, what they are for, and what documents pay of each other."""
