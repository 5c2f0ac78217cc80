package applytest

import (
	"slices"
	"strings"
)

// storage is what there is beside stacks, containers and pipelines.
type storage struct {
	things       []*thing
	roles        []*role
	buckets      []*bucket
	repositories []*repository
	logGroups    []*logGroup
	parameters   map[string]string // of SSM, by name
}

// A role is one of IAM.
type role struct {
	name, arn string
	trusts    []string // services
}

// roleARN returns the ARN of a role.
func (c *Cloud) roleARN(path, name string) string {
	if path == "" {
		path = "/"
	}
	return c.arn("iam", "role"+path+name)
}

func (d *storage) role(nameOrARN string) *role {
	return find(d.roles, func(r *role) bool { return r.name == nameOrARN || r.arn == nameOrARN })
}

func (d *storage) bucket(name string) *bucket {
	return find(d.buckets, func(b *bucket) bool { return b.name == name })
}

func (d *storage) repository(name string) *repository {
	return find(d.repositories, func(r *repository) bool { return r.name == name })
}

func (d *storage) logGroup(name string) *logGroup {
	return find(d.logGroups, func(g *logGroup) bool { return g.name == name })
}

// parameter returns the value of a parameter of SSM; the slash before its name does not count.
func (d *storage) parameter(name string) (string, bool) {
	if v, ok := d.parameters[name]; ok {
		return v, true
	}
	v, ok := d.parameters["/"+strings.TrimPrefix(name, "/")]
	return v, ok
}

// find returns the first element that fits, or nil.
func find[T any](list []*T, fits func(*T) bool) *T {
	if i := slices.IndexFunc(list, fits); i >= 0 {
		return list[i]
	}
	return nil
}

// registry is the host of the images of the account.
func (c *Cloud) registry() string {
	return c.opts.Account + ".dkr.ecr." + c.opts.Region + "." + c.suffix()
}
