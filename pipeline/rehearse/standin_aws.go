package rehearse

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/seed-b1f00840/slipway/taskdef"
)

// An awsCall is a call of the AWS CLI with its options apart.
type awsCall struct {
	*Call
	options  map[string][]string // without the dashes
	operands []string
}

func (a *awsCall) option(name string) string {
	if v := a.options[name]; len(v) > 0 {
		return v[0]
	}
	return ""
}

// awsCLI stands in for the AWS CLI.
func awsCLI(_ context.Context, c *Call) error {
	a := &awsCall{Call: c, options: map[string][]string{}}
	for args := c.Args[1:]; len(args) > 0; {
		name, ok := strings.CutPrefix(args[0], "--")
		if !ok {
			a.operands, args = append(a.operands, args[0]), args[1:]
			continue
		}
		name, value, joined := strings.Cut(name, "=")
		a.options[name] = []string{}
		if args = args[1:]; joined {
			a.options[name] = []string{value}
		}
		for len(args) > 0 && !strings.HasPrefix(args[0], "--") && !joined && !awsSwitch(name) {
			a.options[name], args = append(a.options[name], args[0]), args[1:]
			if len(a.operands) < 2 {
				break // --region us-east-1 ecr get-login-password
			}
		}
	}
	if _, ok := a.options["version"]; ok {
		c.printf("aws-cli/2.31.0 Python/3.13.7 Linux/6.1.0 source/x86_64\n")
		return nil
	}
	if len(a.operands) > 0 && a.operands[0] == "s3" {
		return a.s3()
	}
	verb := strings.Join(a.operands[:min(2, len(a.operands))], " ")
	switch verb {
	case "ecr get-login-password", "ecr-public get-login-password":
		c.printf("rehearsal-password\n")
		return nil
	case "ecr get-login":
		return c.failf(2, "argument operation: Invalid choice: get-login is gone in version 2 of the AWS CLI; use get-login-password")
	case "configure set", "configure list", "ecr-public describe-registries":
		return nil
	case "configure get":
		c.printf("%s\n", c.c.opts.Target.Region)
		return nil
	case "sts get-caller-identity":
		t := c.c.target
		return a.answer(map[string]any{"UserId": "AROAREHEARSAL:build", "Account": t.Account,
			"Arn": fmt.Sprintf("arn:%s:sts::%s:assumed-role/rehearsal/build", t.Partition, t.Account)})
	case "ssm get-parameter":
		return a.parameter()
	case "ssm get-parameters":
		return a.parameters()
	case "secretsmanager get-secret-value":
		value, ok := c.c.opts.Secrets[a.option("secret-id")]
		if !ok {
			return a.refuse("ResourceNotFoundException", "GetSecretValue", "Secrets Manager can't find the specified secret. Give it a value in Options.Secrets.")
		}
		return a.answer(map[string]any{"Name": a.option("secret-id"), "SecretString": value})
	case "ecr describe-images", "ecr batch-get-image", "ecr list-images":
		return a.images(verb)
	case "ecr describe-repositories":
		return a.repositories()
	case "ecs describe-task-definition":
		return a.taskDefinition()
	}
	return c.failf(254, "no stand-in for aws %s; add one, or allow the real aws", verb)
}

// awsSwitch reports whether an option has no value.
func awsSwitch(name string) bool {
	return slices.Contains([]string{"no-include-email", "with-decryption", "no-cli-pager", "debug", "recursive", "no-verify-ssl",
		"no-paginate", "quiet", "only-show-errors", "delete", "dryrun", "no-progress", "version", "exact-timestamps"}, name)
}

// refuse reports an error of a service as the CLI does.
func (a *awsCall) refuse(code, operation, message string) error {
	fmt.Fprintf(a.Stderr, "\nAn error occurred (%s) when calling the %s operation: %s\n", code, operation, message)
	return ExitStatus(254)
}

// answer prints what a service answers, after --query, in the form of --output.
func (a *awsCall) answer(v any) error {
	if query := a.option("query"); query != "" {
		var ok bool
		if v, ok = search(v, query); !ok {
			return a.failf(254, "the stand-in does not know the query %s", query)
		}
	}
	if a.option("output") == "text" {
		if text, ok := awsText(v); ok {
			a.printf("%s\n", text)
			return nil
		}
		return a.failf(254, "the stand-in does not know this answer as text; ask for it with --query")
	}
	if output := a.option("output"); output != "" && output != "json" {
		return a.unknown("--output " + output)
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "    ")
	if err := enc.Encode(v); err != nil {
		return err
	}
	_, err := a.Stdout.Write(b.Bytes())
	return quiet(err)
}

// awsText writes a value as --output text does: a scalar, or a list of scalars.
func awsText(v any) (string, bool) {
	switch v := v.(type) {
	case nil:
		return "None", true
	case string:
		return v, true
	case bool:
		return strings.ToUpper(fmt.Sprint(v)[:1]) + fmt.Sprint(v)[1:], true
	case json.Number, int, float64:
		return fmt.Sprint(v), true
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			text, ok := awsText(e)
			if _, nested := e.([]any); !ok || nested {
				return "", false
			}
			parts[i] = text
		}
		return strings.Join(parts, "\t"), true
	}
	return "", false
}

// search is the part of JMESPath that buildspecs use: names, indexes and [*] or
// [] on the way.
func search(v any, query string) (any, bool) {
	query = strings.Trim(query, `"'`)
	for query != "" {
		if rest, ok := strings.CutPrefix(query, "["); ok {
			index, after, ok := strings.Cut(rest, "]")
			list, isList := v.([]any)
			if !ok {
				return nil, false
			}
			query = strings.TrimPrefix(after, ".")
			if index == "*" || index == "" {
				out := []any{}
				for _, e := range list {
					r, ok := search(e, query)
					if !ok {
						return nil, false
					}
					if r != nil {
						out = append(out, r)
					}
				}
				return out, true
			}
			var n int
			if _, err := fmt.Sscanf(index, "%d", &n); err != nil {
				return nil, false
			}
			if n < 0 {
				n += len(list)
			}
			if v = nil; isList && n >= 0 && n < len(list) {
				v = list[n]
			}
			continue
		}
		end := strings.IndexAny(query, ".[")
		name := query
		if end >= 0 {
			name, query = query[:end], strings.TrimPrefix(query[end:], ".")
		} else {
			query = ""
		}
		if strings.ContainsAny(name, " |{}()?&`,*@:=") {
			return nil, false
		}
		m, _ := v.(map[string]any)
		v = m[strings.Trim(name, `"`)]
	}
	return v, true
}

func (a *awsCall) parameter() error {
	value, ok := a.c.parameter(a.option("name"))
	if !ok {
		return a.refuse("ParameterNotFound", "GetParameter", "")
	}
	return a.answer(map[string]any{"Parameter": map[string]any{"Name": a.option("name"), "Type": "String", "Value": value, "Version": 1}})
}

func (a *awsCall) parameters() error {
	found, invalid := []any{}, []any{}
	for _, name := range a.options["names"] {
		if value, ok := a.c.parameter(name); ok {
			found = append(found, map[string]any{"Name": name, "Type": "String", "Value": value, "Version": 1})
		} else {
			invalid = append(invalid, name)
		}
	}
	return a.answer(map[string]any{"Parameters": found, "InvalidParameters": invalid})
}

// images answers with what this rehearsal has pushed.
func (a *awsCall) images(verb string) error {
	name := a.option("repository-name")
	var tag string
	for _, id := range a.options["image-ids"] {
		_, tag, _ = strings.Cut(id, "imageTag=")
	}
	details := []any{}
	for _, ref := range slices.Sorted(maps.Keys(a.c.images)) {
		_, repo, _ := strings.Cut(repository(ref), "/")
		if repo != name || tag != "" && !strings.HasSuffix(ref, ":"+tag) {
			continue
		}
		t := strings.TrimPrefix(ref, repository(ref)+":")
		details = append(details, map[string]any{"registryId": a.c.target.Account, "repositoryName": name,
			"imageDigest": a.c.images[ref], "imageTags": []any{t}, "imageTag": t})
	}
	if verb == "ecr describe-images" && tag != "" && len(details) == 0 {
		return a.refuse("ImageNotFoundException", "DescribeImages", "The image with imageId {imageTag:'"+tag+"'} does not exist within the repository with name '"+name+"'")
	}
	key := map[string]string{"ecr describe-images": "imageDetails", "ecr batch-get-image": "images", "ecr list-images": "imageIds"}[verb]
	return a.answer(map[string]any{key: details})
}

func (a *awsCall) repositories() error {
	list := []any{}
	names := a.options["repository-names"]
	if len(names) == 0 {
		names = a.c.repositories()
	}
	for _, name := range names {
		list = append(list, map[string]any{"repositoryName": name, "repositoryUri": a.c.registry() + "/" + name, "registryId": a.c.target.Account})
	}
	return a.answer(map[string]any{"repositories": list})
}

func (a *awsCall) taskDefinition() error {
	family, _, _ := strings.Cut(a.option("task-definition"), ":")
	d := a.c.task(family)
	if d == nil {
		return a.refuse("ClientException", "DescribeTaskDefinition", "Unable to describe task definition.")
	}
	v, err := taskJSON(d)
	if err != nil {
		return err
	}
	return a.answer(map[string]any{"taskDefinition": v})
}

// taskJSON returns a task definition as encoding/json reads it.
func taskJSON(d *taskdef.Definition) (v any, err error) {
	data, err := d.Render()
	if err != nil {
		return nil, err
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	return v, dec.Decode(&v)
}

// s3 lets files go to a bucket, of which nothing comes back.
func (a *awsCall) s3() error {
	if len(a.operands) < 2 {
		return a.failf(252, "missing command")
	}
	switch verb := a.operands[1]; {
	case verb == "ls":
		return nil
	case (verb == "cp" || verb == "sync" || verb == "mv") && len(a.operands) >= 4:
		from, to := a.operands[2], a.operands[3]
		if strings.HasPrefix(from, "s3://") {
			return a.failf(1, "no stand-in for what is in %s; add one, or allow the real aws", from)
		}
		if from != "-" {
			if _, err := a.c.disk.stat(a.path(from), true); err != nil {
				return a.failf(255, "The user-provided path %s does not exist.", from)
			}
		}
		a.printf("upload: %s to %s\n", from, to)
		return nil
	}
	return a.failf(254, "no stand-in for aws s3 %s; add one, or allow the real aws", a.operands[1])
}

// secretKey returns the value of a key of a secret that is a JSON object.
func secretKey(secret, key string) (string, bool) {
	var m map[string]any
	if err := json.Unmarshal([]byte(secret), &m); err != nil {
		return "", false
	}
	switch v := m[key].(type) {
	case nil:
		return "", false
	case string:
		return v, true
	default:
		return fmt.Sprint(v), true
	}
}
