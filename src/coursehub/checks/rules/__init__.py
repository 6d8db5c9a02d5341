"""The rules, a module for each group. A new module needs nothing registered: `checks` loads all that lie here."""
