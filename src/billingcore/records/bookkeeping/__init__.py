"""How a host keeps its books: accounts, rules, collective accounts, periods, and switches."""
