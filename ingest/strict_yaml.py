"""YAML as people read it: a key stands once, and a plain word is text.

Belongs here: the loader for files of our own kinds. Must not: `arrears.yml`, whose loader keeps line numbers.
"""

import re
from typing import cast

import yaml


class StrictLoader(yaml.SafeLoader):
    """YAML in which a key may be given only once and a plain word stays text: `no` is not a boolean, 01 no number."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        keys = [key.value for key, _ in node.value]
        repeated = sorted({key for key in keys if keys.count(key) > 1})
        if repeated:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {repeated[0]!r} is given more than once", node.start_mark
            )
        return cast("dict[object, object]", super().construct_mapping(node, deep=deep))


# what is left of the rules for plain words: `<<` takes over another mapping
StrictLoader.yaml_implicit_resolvers = {"<": [("tag:yaml.org,2002:merge", re.compile("^(?:<<)$"))]}
