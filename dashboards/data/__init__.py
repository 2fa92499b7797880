"""Every query of the dashboards. Must not: draw anything, or hold words a reader sees."""
