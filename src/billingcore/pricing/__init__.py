"""How much: from price, quantity and share to the amount of a line, and its discounts."""
