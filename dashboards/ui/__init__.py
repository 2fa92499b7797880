"""How figures look: strip, cards, tables, charts, number formats. Must not: query, or hold words of its own."""
