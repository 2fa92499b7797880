"""YAML with line numbers: the shape-free half of reading `arrears.yml`.

Belongs here: YAML text to nested dicts of text, the line of every key, and the error that reports problems by line.
Must not: what any key means.

Every scalar stays the text that was written. Types are given by the settings models, so a company code `001` keeps
its zeros, the country `NO` is not a boolean and the time `12:00` is not a number of minutes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import yaml

KeyPath = tuple[str | int, ...]
Tree = str | list["Tree"] | dict[str, "Tree"] | None


@dataclass(frozen=True)
class Problem:
    """One thing to change in the file: where, what is wrong, and the fix."""

    where: KeyPath
    what: str
    fix: str


class SettingsError(ValueError):
    """`arrears.yml` cannot be used. The message has one line per problem: file, line, key, what is wrong, the fix."""

    def __init__(self, *, path: Path, problems: Iterable[tuple[int, Problem]]) -> None:
        self.path = path
        self.problems = tuple(sorted(problems, key=lambda entry: entry[0]))
        super().__init__("\n".join(self._lines()))

    def _lines(self) -> Iterable[str]:
        count = len(self.problems)
        yield f"{self.path.name} has {count} problem{'' if count == 1 else 's'}:"
        for line, problem in self.problems:
            key = key_text(problem.where)
            yield f"  {self.path}:{line}: {f'{key}: ' if key else ''}{problem.what} Fix: {problem.fix}"


def key_text(where: KeyPath) -> str:
    """`('sources', 0, 'mode')` as `sources[0].mode`."""
    text = ""
    for part in where:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


@dataclass
class MarkedDocument:
    """The tree of a YAML file, with the line of every key and item, and the problems of its syntax."""

    path: Path
    tree: dict[str, Tree] = field(default_factory=dict)
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, where: KeyPath) -> int:
        """Line of the key, or of the nearest enclosing one that is in the file."""
        while where not in self.lines and where:
            where = where[:-1]
        return self.lines.get(where, 1)

    def error(self, problems: Iterable[Problem]) -> SettingsError:
        """The error that reports `problems` with their lines; equal ones are reported once."""
        unique = dict.fromkeys(problems)
        return SettingsError(path=self.path, problems=[(self.line_of(p.where), p) for p in unique])


def read_document(path: Path) -> MarkedDocument:
    """Read one YAML file.

    Raises:
        SettingsError: there is no such file, or it is not a YAML mapping in UTF-8.
    """
    document = MarkedDocument(path=path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (FileNotFoundError, IsADirectoryError):
        raise document.error(
            [Problem((), "there is no such file.", "name an existing arrears.yml.")]
        ) from None
    except UnicodeDecodeError:
        raise document.error([Problem((), "is not UTF-8 text.", "save it as UTF-8.")]) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        reason = " ".join(part for part in (error.context, error.problem) if part)
        problem = Problem((), f"is not valid YAML: {reason}.", "check indentation, colons and quotes here.")
        raise SettingsError(path=path, problems=[(line, problem)]) from None
    except yaml.YAMLError as error:
        problem = Problem(
            (), f"is not valid YAML: {error}.", "remove the characters that YAML does not allow."
        )
        raise document.error([problem]) from None
    if not isinstance(root, yaml.MappingNode):
        raise document.error(
            [
                Problem(
                    (),
                    "is not a mapping of keys.",
                    "start with `home: ./home` and `reporting_currency: CNY`.",
                )
            ]
        )
    tree = _plain(root, (), document)
    assert isinstance(tree, dict)
    document.tree = tree
    return document


def _plain(node: yaml.Node, where: KeyPath, document: MarkedDocument) -> Tree:
    if isinstance(node, yaml.MappingNode):
        return _plain_mapping(node, where, document)
    if isinstance(node, yaml.SequenceNode):
        items: list[Tree] = []
        for index, item in enumerate(node.value):
            document.lines[(*where, index)] = item.start_mark.line + 1
            items.append(_plain(item, (*where, index), document))
        return items
    if node.tag == "tag:yaml.org,2002:null":
        return None
    return str(node.value)


def _plain_mapping(node: yaml.MappingNode, where: KeyPath, document: MarkedDocument) -> dict[str, Tree]:
    result: dict[str, Tree] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        line = key_node.start_mark.line + 1
        if (*where, key) in document.lines:
            first = document.lines[(*where, key)]
            document.problems.append(
                Problem(
                    (*where, key),
                    f"is given twice, here and on line {line}.",
                    f"remove line {first} or {line}.",
                )
            )
            continue
        document.lines[(*where, key)] = line
        value = _plain(value_node, (*where, key), document)
        # a key without a value reads as one that was left out, so its default applies
        if value is not None:
            result[key] = value
    return result


def text_at(tree: Mapping[str, Tree], key: str) -> str | None:
    """The text under `key`, or None where there is none or something else is there."""
    value = tree.get(key)
    return value if isinstance(value, str) else None
