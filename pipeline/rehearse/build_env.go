package rehearse

import (
	"fmt"
	"maps"
	"strconv"
	"strings"
)

// environment makes the variables of the build. It returns what is wrong.
func (b *buildRun) environment() string {
	t := b.target
	env := map[string]string{
		"HOME": home, "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "USER": "root",
		"AWS_DEFAULT_REGION": t.Region, "AWS_REGION": t.Region,
		"CODEBUILD_BUILD_ARN":               fmt.Sprintf("arn:%s:codebuild:%s:%s:build/%s:%s", t.Partition, t.Region, t.Account, b.project.name, buildID),
		"CODEBUILD_BUILD_ID":                b.project.name + ":" + buildID,
		"CODEBUILD_BUILD_IMAGE":             b.project.image,
		"CODEBUILD_BUILD_NUMBER":            "1",
		"CODEBUILD_BUILD_SUCCEEDING":        "1",
		"CODEBUILD_INITIATOR":               "codepipeline/" + b.pipeline.Name,
		"CODEBUILD_PROJECT_ARN":             fmt.Sprintf("arn:%s:codebuild:%s:%s:project/%s", t.Partition, t.Region, t.Account, b.project.name),
		"CODEBUILD_RESOLVED_SOURCE_VERSION": b.opts.Commit,
		"CODEBUILD_SOURCE_VERSION":          b.opts.Commit,
		"CODEBUILD_SOURCE_REPO_URL":         "",
		"CODEBUILD_START_TIME":              strconv.FormatInt(b.now().UnixMilli(), 10),
		"CODEBUILD_CI":                      "true",
	}
	for name, dir := range b.dirs {
		if dir == sourceDir(0) {
			env["CODEBUILD_SRC_DIR"] = dir
		} else {
			env["CODEBUILD_SRC_DIR_"+name] = dir
		}
	}
	env["CODEBUILD_SRC_DIR"] = sourceDir(0)
	if message := b.specVariables(env); message != "" {
		return message
	}
	for _, v := range b.project.env {
		switch {
		case !v.known && (v.kind == "" || v.kind == "PLAINTEXT"):
			b.out.Notes = append(b.out.Notes, fmt.Sprintf("the variable %s of the project is known to the stack only; give it a value", v.name))
			delete(env, v.name)
		default:
			if message := b.variable(env, v.name, v.value, v.kind); message != "" {
				return message
			}
		}
	}
	variables, err := b.action.BuildVariables()
	if err != nil {
		return err.Error()
	}
	for _, v := range variables {
		if message := b.variable(env, v.Name, v.Value, v.Type); message != "" {
			return message
		}
	}
	maps.Copy(env, b.opts.Env)
	b.env = env
	b.runner, err = b.shell(sourceDir(0), env)
	if err != nil {
		return err.Error()
	}
	return ""
}

const buildID = "00000000-0000-4000-8000-000000000001"

// specVariables sets the variables of the buildspec.
func (b *buildRun) specVariables(env map[string]string) string {
	if old := b.spec.EnvironmentVariables; old != nil {
		for _, v := range old.Plaintext {
			env[v.Name] = v.Value
		}
	}
	if b.spec.Env == nil {
		return ""
	}
	for _, v := range b.spec.Env.Variables {
		env[v.Name] = v.Value
	}
	for _, v := range b.spec.Env.ParameterStore {
		if message := b.variable(env, v.Name, v.Value, "PARAMETER_STORE"); message != "" {
			return message
		}
	}
	for _, v := range b.spec.Env.SecretsManager {
		if message := b.variable(env, v.Name, v.Value, "SECRETS_MANAGER"); message != "" {
			return message
		}
	}
	return ""
}

// variable sets one variable of a kind. The caller's Env needs no other value.
func (b *buildRun) variable(env map[string]string, name, value, kind string) string {
	if _, ok := b.opts.Env[name]; ok {
		return ""
	}
	switch kind {
	case "PARAMETER_STORE":
		text, ok := b.parameter(value)
		if !ok {
			return fmt.Sprintf("Parameter does not exist: %s, for the variable %s, is in no template of the bundle; give it a value", value, name)
		}
		env[name] = text
	case "SECRETS_MANAGER":
		env[name] = b.secret(value)
	default:
		env[name] = value
	}
	return ""
}

// secret returns the value of a reference to a secret. A secret is opaque, so that
// a fictional one serves where the caller gives none.
func (b *buildRun) secret(reference string) string {
	id, key := reference, ""
	if strings.HasPrefix(reference, "arn:") {
		parts := strings.SplitN(reference, ":", 8)
		id = strings.Join(parts[:min(7, len(parts))], ":")
		if len(parts) == 8 {
			key, _, _ = strings.Cut(parts[7], ":")
		}
	} else {
		id, key, _ = strings.Cut(reference, ":")
		key, _, _ = strings.Cut(key, ":")
	}
	value, ok := b.opts.Secrets[id]
	if ok && key != "" {
		value, ok = secretKey(value, key)
	}
	if !ok {
		b.out.Notes = append(b.out.Notes, fmt.Sprintf("the secret %s has a fictional value", reference))
		return "rehearsal-secret"
	}
	return value
}
