"""YAML files that people review, read strictly: a slip is one line that names file, line and key, and what to write."""

import difflib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from annals.errors import ConfigurationError

T = TypeVar("T")

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml, ten times as fast, where PyYAML was built with it

_AT = re.compile(r" - at `(?P<path>.*)`$")
_UNKNOWN = re.compile(r"Object contains unknown field `(?P<field>[^`]*)`")
_MISSING = re.compile(r"Object missing required field `(?P<field>[^`]*)`")
_EXPECTED = re.compile(r"Expected `(?P<expected>[^`]*)`, got `(?P<got>[^`]*)`")
_BOUND = re.compile(r"Expected (?P<bound>`[^`]*` (?!.*got `).+)$")
_INVALID = re.compile(r"Invalid (?:enum )?value '?(?P<value>[^']*)'?$")
_VARIABLE = re.compile(r"\$\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>[^}]*))?\}")


def read(path: Path, type: type[T], *, environment: Mapping[str, str] | None = None) -> T:
    """The file's content as a `type` (a msgspec Struct, or a container of them, with unknown fields forbidden).

    With `environment`, `${NAME}` and `${NAME:-default}` in texts are filled in from it.
    Raises ConfigurationError, one line: `FILE:LINE: KEY: what is wrong; what was expected`.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path}: cannot be read as UTF-8 text: {error}") from error
    try:
        tree = yaml.compose(text, Loader=_LOADER)
        content = yaml.load(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise ConfigurationError(f"{path}{_place(error)}") from error
    if tree is None:
        raise ConfigurationError(f"{path}: the file is empty")
    _refuse_doubles(path, tree)
    if environment is not None:
        content = _fill(path, content, environment)
    try:
        return msgspec.convert(content, type, strict=True)
    except msgspec.ValidationError as error:
        raise ConfigurationError(_explain(path, str(error), type, tree, content)) from error


def fault(path: Path, keys: Sequence[str | int], problem: str) -> ConfigurationError:
    """An error for what `read` cannot see: the same one line, for the value that the keys lead to."""
    tree = yaml.compose(path.read_text(encoding="utf-8"), Loader=_LOADER)
    assert tree is not None  # `read` refuses an empty file
    return ConfigurationError(f"{path}:{_line(tree, list(keys))}: {_key(keys)}: {problem}")


def _place(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return f":{mark.line + 1}: not valid YAML: {problem}" if mark else f": not valid YAML: {problem}"


def _refuse_doubles(path: Path, node: yaml.Node) -> None:
    """YAML lets a key be given twice and keeps the last one; a person who did that did not mean it."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise ConfigurationError(f"{path}:{key.start_mark.line + 1}: {key.value}: is given twice; keep one")
            seen.add(key.value)
            _refuse_doubles(path, value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_doubles(path, value)


def _fill(path: Path, value: Any, environment: Mapping[str, str]) -> Any:
    """Texts with `${NAME}` and `${NAME:-default}` filled in; an unset name without a default is an error."""
    if isinstance(value, str):

        def filled(match: re.Match[str]) -> str:
            found = environment.get(match["name"]) or match["default"]
            if found is None:
                raise ConfigurationError(
                    f"{path}: ${{{match['name']}}}: the environment does not set {match['name']}; "
                    f"set it, or write ${{{match['name']}:-default}}"
                )
            return found

        return _VARIABLE.sub(filled, value)
    if isinstance(value, dict):
        return {key: _fill(path, item, environment) for key, item in value.items()}
    if isinstance(value, list):
        return [_fill(path, item, environment) for item in value]
    return value


def _explain(path: Path, message: str, type: Any, tree: yaml.Node, content: Any) -> str:
    """msgspec's message as `FILE:LINE: KEY: …`, with the nearest right spelling where there is one."""
    at = _AT.search(message)
    steps = _named(_steps(at["path"]), message, type, content) if at else []
    rest = message[: at.start()] if at else message
    if unknown := _UNKNOWN.match(rest):
        known = _fields(type, steps, content)
        rest = f"no such key{_did_you_mean(unknown['field'], known)}; known keys: {', '.join(known)}"
        steps = [*steps, unknown["field"]]
    elif missing := _MISSING.match(rest):
        rest = "is missing"
        steps = [*steps, missing["field"]]
    elif bound := _BOUND.match(rest):
        rest = f"expected {_meaning(type, steps, content) or bound['bound']}, found {_found(content, steps)}"
    elif expected := _EXPECTED.match(rest):
        rest = f"expected {expected['expected']}, found {expected['got']}"
    elif invalid := _INVALID.match(rest):
        choices = _choices(type, steps, content)
        rest = f"{invalid['value']!r} is not allowed{_did_you_mean(invalid['value'], choices)}"
        rest += f"; expected one of {', '.join(choices)}" if choices else ""
    return f"{path}:{_line(tree, steps)}: {_key(steps)}: {rest}"


def _key(steps: Sequence[str | int]) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".") or "the file"


def _steps(path: str) -> list[str | int]:
    """`$.listing.items[0]` → listing, items, 0; msgspec writes `[...]` for a value of any key.

    >>> _steps("$.tags[2].name")
    ['tags', 2, 'name']
    """
    found: list[str | int] = []
    for name, index in re.findall(r"\.([^.\[\]]+)|\[([^\]]*)\]", path):
        if name:
            found.append(name)
        elif index.isdecimal():
            found.append(int(index))
        else:
            found.append("…")
    return found


def _named(steps: list[str | int], message: str, type: Any, content: Any) -> list[str | int]:
    """The steps with the keys that msgspec does not tell: of each, the first whose value alone makes the same error.

    >>> _named(["…"], "Expected `int`, got `str` - at `$[...]`", dict[str, int], {"a": 1, "b": "x"})
    ['b']
    """
    named: list[str | int] = []
    for index, step in enumerate(steps):
        if step == "…":
            trials = ((key, _only(content, named, key)) for key in _follow(content, named))
            found = next(((key, trial) for key, trial in trials if _problem(trial, type) == message), None)
            if found is None:
                return named + steps[index:]
            step, content = found
        named.append(step)
    return named


def _problem(content: Any, type: Any) -> str | None:
    try:
        msgspec.convert(content, type, strict=True)
    except msgspec.ValidationError as error:
        return str(error)
    return None


def _only(content: Any, steps: list[str | int], key: str) -> Any:
    """The content, with the mapping that the steps lead to cut down to one key."""
    if not steps:
        return {key: content[key]}
    copy: Any = list(content) if isinstance(content, list) else dict(content)
    copy[steps[0]] = _only(content[steps[0]], steps[1:], key)
    return copy


def _walk(type: Any, steps: list[str | int], content: Any, plain: bool = True) -> Any:
    """msgspec's description of the type that stands where the steps lead; None where that is not known."""
    info: Any = msgspec.inspect.type_info(type)
    for step in [*steps, None]:
        while isinstance(info, msgspec.inspect.Metadata) and (plain or step is not None):
            info = info.type
        if isinstance(info, msgspec.inspect.UnionType):
            tagged: list[Any] = [one for one in info.types if isinstance(one, msgspec.inspect.StructType)]
            right = [one for one in tagged if isinstance(content, dict) and content.get(one.tag_field) == one.tag]
            others: list[Any] = [one for one in info.types if not isinstance(one, msgspec.inspect.NoneType)]
            info = (right or others)[0]
        if step is None:
            return info
        if isinstance(info, msgspec.inspect.StructType):
            field = next((one for one in info.fields if one.encode_name == step), None)
            if field is None:
                return None
            info, content = field.type, content.get(step) if isinstance(content, dict) else None
        elif isinstance(info, msgspec.inspect.DictType):
            info, content = info.value_type, None
        elif hasattr(info, "item_type"):
            info = info.item_type
            content = content[step] if isinstance(content, list) and isinstance(step, int) else None
        else:
            return None
    return info


def _fields(type: Any, steps: list[str | int], content: Any) -> list[str]:
    info = _walk(type, steps, content)
    if not isinstance(info, msgspec.inspect.StructType):
        return []
    return ([info.tag_field] if info.tag_field else []) + [field.encode_name for field in info.fields]


def _choices(type: Any, steps: list[str | int], content: Any) -> list[str]:
    """The values that a Literal, or the tag of a union, may take."""
    info = _walk(type, steps, content)
    if isinstance(info, msgspec.inspect.LiteralType):
        return [str(value) for value in info.values]
    parent: Any = msgspec.inspect.type_info(type)
    for step in steps[:-1]:
        if isinstance(parent, msgspec.inspect.StructType):
            parent = next((one.type for one in parent.fields if one.encode_name == step), None)
    if isinstance(parent, msgspec.inspect.UnionType):
        return [str(one.tag) for one in parent.types if isinstance(one, msgspec.inspect.StructType) and one.tag]
    return []


def _meaning(type: Any, steps: list[str | int], content: Any) -> str | None:
    """The description that the type gives of a value, where it gives one."""
    info = _walk(type, steps, content, plain=False)
    while isinstance(info, msgspec.inspect.Metadata):
        if description := (info.extra_json_schema or {}).get("description"):
            return str(description)
        info = info.type
    return None


def _found(content: Any, steps: list[str | int]) -> str:
    return repr(_follow(content, steps))


def _follow(content: Any, steps: list[str | int]) -> Any:
    for step in steps:
        content = content[step]
    return content


def _did_you_mean(word: str, known: list[str]) -> str:
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def _line(node: yaml.Node, steps: list[str | int]) -> int:
    """The line of the key (or the nearest thing above it that is there), from 1."""
    line = node.start_mark.line
    for step in steps:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == str(step)), None)
            if found is None:
                break
            line, node = found[0].start_mark.line, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line
        else:
            break
    return line + 1
