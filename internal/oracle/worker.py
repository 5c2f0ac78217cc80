"""The Python half of package oracle: one request a line in, one answer a line out.

A request is {"op": name, "args": {...}}, an answer {"result": value} or
{"error": text}. Modules are imported by the first request that needs them. The
process ends when its standard input does.
"""

import base64
import datetime
import importlib
import json
import os
import sys


# ---- YAML -------------------------------------------------------------------


def encode(value):
    """Encode what PyYAML built so that types survive JSON: {"!kind": ...}."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return {"!int": str(value)}
    if isinstance(value, float):
        return {"!float": repr(value)}
    if isinstance(value, (datetime.date, datetime.datetime)):
        return {"!time": value.isoformat()}
    if isinstance(value, bytes):
        return {"!binary": base64.b64encode(value).decode()}
    if isinstance(value, dict):
        return {"!map": [[encode(k), encode(v)] for k, v in value.items()]}
    if isinstance(value, (list, tuple)):
        return [encode(v) for v in value]
    if isinstance(value, set):
        return {"!set": [encode(v) for v in sorted(value, key=repr)]}
    raise TypeError(f"no encoding of {type(value)}")


def strict_loader():
    """PyYAML's SafeLoader, which refuses a key given twice (SafeLoader keeps the last)."""
    import yaml

    class Loader(yaml.SafeLoader):
        def construct_mapping(self, node, deep=False):
            if isinstance(node, yaml.MappingNode):
                seen = set()
                for key_node, _ in node.value:
                    if key_node.tag == "tag:yaml.org,2002:merge":
                        continue
                    key = repr(self.construct_object(key_node, deep=True))
                    if key in seen:
                        raise yaml.constructor.ConstructorError(
                            None, None, f"found duplicate key {key}", key_node.start_mark
                        )
                    seen.add(key)
            return super().construct_mapping(node, deep)

    return Loader


def op_yaml(text):
    import yaml

    loader = op_yaml.loader = getattr(op_yaml, "loader", None) or strict_loader()
    return encode(yaml.load(text, Loader=loader))


def op_template(text):
    """What the AWS CLI reads of a CloudFormation template, short forms expanded."""
    from awscli.customizations.cloudformation.yamlhelper import yaml_parse

    return encode(yaml_parse(text))


# ---- botocore ---------------------------------------------------------------


def input_shape(service, operation):
    import botocore.session

    cache = input_shape.__dict__.setdefault("cache", {})
    if service not in cache:
        session = input_shape.__dict__.setdefault("session", botocore.session.Session())
        cache[service] = session.get_service_model(service)
    shape = cache[service].operation_model(operation).input_shape
    if shape is None:
        raise ValueError(f"{service} {operation} has no input")
    return shape


def sub_shape(shape, path):
    """Follow member names, [] (element of a list) and {} (value of a map)."""
    for step in path.replace("[]", ".[]").replace("{}", ".{}").split("."):
        if step == "":
            continue
        if step == "[]" and shape.type_name == "list":
            shape = shape.member
        elif step == "{}" and shape.type_name == "map":
            shape = shape.value
        elif shape.type_name == "structure" and step in shape.members:
            shape = shape.members[step]
        else:
            raise ValueError(f"no {step} in {shape.name} ({shape.type_name})")
    return shape


class Walker:
    """Compares a value with an input shape and notes each difference.

    names is None for the API's own JSON. Else the value is a property tree of a
    CloudFormation template: names maps property names to member names where more
    differs than the case of the first letter ("" has no counterpart), intrinsics
    are unknown, and scalars are converted as CloudFormation converts them.
    """

    def __init__(self, names=None):
        self.names = names
        self.found = []

    def add(self, kind, path, message):
        self.found.append({"kind": kind, "path": path, "message": message})

    def walk(self, shape, value, path):
        if self.names is not None:
            if self.is_intrinsic(value):
                return
            value = self.convert(shape, value)
        getattr(self, "walk_" + shape.type_name, self.walk_other)(shape, value, path)

    @staticmethod
    def is_intrinsic(value):
        if not isinstance(value, dict) or len(value) != 1:
            return False
        key = next(iter(value))
        return key in ("Ref", "Condition") or key.startswith("Fn::")

    @staticmethod
    def convert(shape, value):
        kind = shape.type_name
        if kind == "string" and isinstance(value, bool):
            return "true" if value else "false"
        if kind == "string" and isinstance(value, (int, float)):
            return str(value)
        if isinstance(value, str):
            if kind == "boolean" and value in ("true", "false"):
                return value == "true"
            try:
                if kind in ("integer", "long"):
                    return int(value)
                if kind in ("float", "double"):
                    return float(value)
            except ValueError:
                pass
        return value

    def member_name(self, shape, key):
        if self.names and key in self.names:
            return self.names[key]
        if self.names is None or key in shape.members:
            return key
        return key[:1].lower() + key[1:]

    def expect(self, value, types, name, path):
        # bool is an int in Python, and no number in JSON.
        good = isinstance(value, types) and (bool in types or not isinstance(value, bool))
        if not good:
            self.add("type", path, f"found {json.dumps(value, default=str)[:80]}, want {name}")
        return good

    def walk_structure(self, shape, value, path):
        if not self.expect(value, (dict,), f"structure {shape.name}", path):
            return
        if shape.metadata.get("document") or getattr(shape, "is_document_type", False):
            return
        given = set()
        for key, item in value.items():
            at = f"{path}.{key}" if path else key
            name = self.member_name(shape, key)
            if name == "":
                continue
            given.add(name)
            if name not in shape.members:
                self.add("unknown", at, f"{shape.name} has no member {name}")
                continue
            self.walk(shape.members[name], item, at)
        for name in shape.required_members:
            if name not in given:
                self.add("required", path, f"{shape.name} needs {name}")
        if shape.metadata.get("union") and len(given) > 1:
            self.add("union", path, f"{shape.name} takes one member, found {sorted(given)}")

    def walk_list(self, shape, value, path):
        if self.expect(value, (list,), "list", path):
            self.size(shape, len(value), "elements", path)
            for i, item in enumerate(value):
                self.walk(shape.member, item, f"{path}[{i}]")

    def walk_map(self, shape, value, path):
        if self.expect(value, (dict,), "map", path):
            self.size(shape, len(value), "keys", path)
            for key, item in value.items():
                at = f"{path}[{json.dumps(key)}]"
                self.walk(shape.key, key, at + " key")
                self.walk(shape.value, item, at)

    def walk_string(self, shape, value, path):
        if not self.expect(value, (str,), "string", path):
            return
        self.size(shape, len(value), "characters", path)
        enum = shape.metadata.get("enum")
        if enum and value not in enum:
            self.add("enum", path, f"found {json.dumps(value)}, want one of {', '.join(enum)}")
        pattern = shape.metadata.get("pattern")
        if pattern and not fullmatch(pattern, value):
            self.add("pattern", path, f"{json.dumps(value)} does not match {pattern}")

    def walk_integer(self, shape, value, path):
        if self.expect(value, (int,), shape.type_name, path):
            self.size(shape, value, "", path)

    walk_long = walk_integer

    def walk_float(self, shape, value, path):
        if self.expect(value, (int, float), shape.type_name, path):
            self.size(shape, value, "", path)

    walk_double = walk_float

    def walk_boolean(self, shape, value, path):
        self.expect(value, (bool,), "boolean", path)

    def walk_timestamp(self, shape, value, path):
        self.expect(value, (str, int, float), "timestamp", path)

    def walk_blob(self, shape, value, path):
        self.expect(value, (str,), "base64 text", path)

    def walk_other(self, shape, value, path):
        raise ValueError(f"no walk of {shape.type_name}")

    def size(self, shape, n, unit, path):
        low, high = shape.metadata.get("min"), shape.metadata.get("max")
        if low is not None and n < low:
            self.add("min", path, f"found {n} {unit}".rstrip() + f", minimum is {low}")
        if high is not None and n > high:
            self.add("max", path, f"found {n} {unit}".rstrip() + f", maximum is {high}")


def fullmatch(pattern, value):
    """The models' patterns hold for the whole value and are written for Java, as
    which the module regex (unlike re) reads them: \\p{L} and the like."""
    import regex

    # All beyond the first plane, which Java writes as pairs of surrogates.
    pattern = pattern.replace(r"\uD800\uDC00-\uDBFF\uDFFF", r"\U00010000-\U0010FFFF")
    return regex.fullmatch(pattern, value) is not None


def op_shape(service, operation, value, path="", names=None):
    shape = sub_shape(input_shape(service, operation), path)
    walker = Walker(names)
    walker.walk(shape, value, "")
    return walker.found


def op_template_shapes(text, table):
    """Compare the properties of a template's resources with the shapes of table: type
    to a list of {"property": "" or a name, "service": ..., "operation": ...}."""
    from awscli.customizations.cloudformation.yamlhelper import yaml_parse

    found = []
    for id, resource in yaml_parse(text).get("Resources", {}).items():
        properties = resource.get("Properties", {})
        for shape in table.get(str(resource.get("Type")), []):
            prop, path = shape["property"], f"Resources.{id}.Properties"
            value = properties
            if prop:
                value, path = properties.get(prop), f"{path}.{prop}"
            if value is None:
                continue
            walker = Walker(shape["names"])
            walker.walk(sub_shape(input_shape(shape["service"], shape["operation"]), shape["path"]), value, path)
            # CloudFormation gives names and versions that the API wants to be told.
            found += [f for f in walker.found if prop or f["kind"] != "required" or f["path"] != path]
    return found


# ---- cfn-lint ---------------------------------------------------------------


def op_lint(files, regions):
    from cfnlint.config import ConfigMixIn
    from cfnlint.runner import Runner

    args = ["--include-checks", "I", "--regions", *regions, "--template", *files]
    return [
        {
            "file": m.filename,
            "line": m.linenumber,
            "column": m.columnnumber,
            "path": ".".join(str(p) for p in getattr(m, "path", None) or []),
            "kind": m.rule.id,
            "level": m.rule.severity,
            "message": m.message,
        }
        for m in Runner(ConfigMixIn(args)).run()
    ]


# ---- the loop ---------------------------------------------------------------


def op_versions(modules):
    from importlib.metadata import version

    for module in modules:
        importlib.import_module(module.replace("-", "").replace("pyyaml", "yaml"))
    return {m: version(m) for m in modules}


def main():
    # Answers have a channel of their own: what a library prints goes to stderr.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin.buffer:
        try:
            request = json.loads(line)
            answer = {"result": globals()["op_" + request["op"]](**request["args"])}
        except BaseException as err:  # cfn-lint exits on bad arguments
            answer = {"error": f"{type(err).__name__}: {err}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
