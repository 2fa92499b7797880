"""A process of its own that opens a workbook and says how large its sheets are, or dies of it.

Belongs here: opening, under a limit of memory and time. Must not: anything of the project, so that it starts quickly.
Run by workbook_guards.py as a program: `python workbook_probe.py FILE BYTES SECONDS`.
"""

import resource
import sys

import fastexcel


def main() -> int:
    """Print the largest number of rows and of columns of any sheet."""
    file, most_bytes, most_seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_AS, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (most_seconds, most_seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        workbook = fastexcel.read_excel(file)
        sheets = [
            workbook.load_sheet(index, header_row=None, skip_rows=0)
            for index in range(len(workbook.sheet_names))
        ]
    except fastexcel.FastExcelError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    rows, columns = (
        max((s.total_height for s in sheets), default=0),
        max((s.width for s in sheets), default=0),
    )
    sys.stdout.write(f"{rows} {columns}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
