"""Reports where a rendered template means something else than its original.

Standard input is a JSON list of {"name", "original", "yaml", "json"}; standard
output is a JSON list of {"name", "format", "difference"}. Templates are compared
as CloudFormation takes them: in long form, with text for dates, and one form for
what has two.
"""

import json
import sys

import yaml


class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Reads a template, each short form as its long form."""


def short(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix not in ("Ref", "Condition") and not suffix.startswith("Rain::"):
        suffix = "Fn::" + suffix
    return {suffix: value}


Loader.add_multi_constructor("!", short)
Loader.add_constructor("tag:yaml.org,2002:timestamp", Loader.construct_yaml_str)
Loader.add_constructor("tag:yaml.org,2002:value", Loader.construct_yaml_str)


def read(text):
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        try:
            return json.loads(text.lstrip("\ufeff"))
        except ValueError:
            pass
    return yaml.load(text, Loader)


def normal(value):
    """Returns a value with one form for what has two."""
    if isinstance(value, list):
        return [normal(v) for v in value]
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if not isinstance(value, dict):
        return value
    out = {key(k): normal(v) for k, v in value.items()}
    att = out.get("Fn::GetAtt")
    if len(out) == 1 and isinstance(att, str) and "." in att:
        out["Fn::GetAtt"] = att.split(".", 1)
    return out


def key(k):
    """Keys are text: CloudFormation reads 80: as "80"."""
    if isinstance(k, str):
        return k
    return json.dumps(k)


def template(value):
    """Drops empty sections and makes every DependsOn a list."""
    if not isinstance(value, dict):
        return value
    value = {k: v for k, v in normal(value).items() if v != {}}
    resources = value.get("Resources")
    if isinstance(resources, dict):
        for resource in resources.values():
            if isinstance(resource, dict) and isinstance(resource.get("DependsOn"), str):
                resource["DependsOn"] = [resource["DependsOn"]]
    return value


def difference(a, b, path=""):
    """Returns the first place at which a and b differ, or None."""
    if isinstance(a, dict) and isinstance(b, dict):
        for k in list(a) + [k for k in b if k not in a]:
            if k not in a or k not in b:
                return f"{path}/{k}: {'missing' if k in a else 'added'}"
            d = difference(a[k], b[k], f"{path}/{k}")
            if d:
                return d
        return None
    if isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        return next(filter(None, (difference(x, y, f"{path}[{i}]") for i, (x, y) in enumerate(zip(a, b)))), None)
    if type(a) is type(b) and a == b:
        return None
    return f"{path}: {a!r} became {b!r}"


def main():
    found = []
    for job in json.load(sys.stdin):
        want = template(read(job["original"]))
        for fmt in ("yaml", "json"):
            try:
                got = template(json.loads(job[fmt]) if fmt == "json" else read(job[fmt]))
                diff = difference(want, got)
            except (ValueError, yaml.YAMLError) as e:
                diff = f"cannot be read: {e}"
            if diff:
                found.append({"name": job["name"], "format": fmt, "difference": diff})
    json.dump(found, sys.stdout)


main()
