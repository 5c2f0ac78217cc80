"""Reads a JSON list of [name, before, after] and says which buildspecs differ.

Removed before the comparison is only what the format ignores: a scalar where a
list belongs, the spelling of a flag, a null, the quotes of the version, a number
where CodeBuild reads text, and that a missing version is written as 0.2.
"""
import json
import sys

import yaml


class Loader(yaml.SafeLoader):
    """Reads every scalar as its text, but for null."""


Loader.yaml_implicit_resolvers = {
    c: [r for r in rs if r[0] in ("tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")]
    for c, rs in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

LISTS = {"files", "commands", "finally", "exclude-paths", "paths", "fallback-keys", "exported-variables", "depend-on"}
FLAGS = {
    "git-credential-helper", "upload-artifacts", "logs", "discard-paths", "enable-symlinks",
    "fast-fail", "debug-session", "ignore-failure", "privileged-mode",
}
SPELLING = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


def normal(v, key=None, parents=()):
    author = bool(parents) and parents[-1] in ("variables", "parameter-store", "secrets-manager", "plaintext")
    if isinstance(v, dict):
        items = {str(k): normal(x, str(k), parents + (key,)) for k, x in v.items()}
        return {k: x for k, x in items.items() if x is not None}
    if isinstance(v, list):
        return ["" if x is None else normal(x, None, parents + (key,)) for x in v]
    if not author and key in LISTS and v is not None:
        return [v]
    if not author and key in FLAGS and isinstance(v, str):
        return SPELLING.get(v.lower(), v)
    return v


same = exact = 0
for name, before, after in json.load(sys.stdin):
    a, b = yaml.load(before, Loader), yaml.load(after, Loader)
    exact += yaml.safe_load(before) == yaml.safe_load(after)
    a.setdefault("version", "0.2")
    a, b = normal(a), normal(b)
    if a == b:
        same += 1
    else:
        print(f"differs: {name}: {json.dumps(a)} {json.dumps(b)}")
print(f"PyYAML: {same} mean the same, {exact} of them without any normalisation")
