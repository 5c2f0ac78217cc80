package applytest

import (
	"slices"
	"strings"
	"time"

	"github.com/seed-b1f00840/slipway/cfn"
)

// accountKinds are roles, buckets, image repositories, log groups and parameters.
var accountKinds = []kind{
	{typ: "AWS::IAM::Role", named: "RoleName", takes: 18 * time.Second, attributes: attributes{
		"Arn": func(w *work) cfn.Value { return cfn.String(w.c.roleARN(w.text("Path"), w.r.physical)) },
		"RoleId": func(w *work) cfn.Value {
			return cfn.String("AROA" + w.c.letters("role", w.s.name+"/"+w.r.id, 17, true))
		},
	}, onMake: func(w *work) error {
		w.c.data.roles = append(w.c.data.roles, &role{
			name: w.r.physical, arn: w.c.roleARN(w.text("Path"), w.r.physical),
			trusts: trusted(w.r.properties.Get("AssumeRolePolicyDocument")),
		})
		return nil
	}, onChange: func(w *work, _ cfn.Object) error {
		if r := w.c.data.role(w.r.physical); r != nil {
			r.trusts = trusted(w.r.properties.Get("AssumeRolePolicyDocument"))
		}
		return nil
	}, onRemove: func(w *work) (bool, error) {
		w.c.data.roles = slices.DeleteFunc(w.c.data.roles, func(r *role) bool { return r.name == w.r.physical })
		return true, nil
	}},
	{typ: "AWS::IAM::Policy", takes: 16 * time.Second, attributes: attributes{"Id": nil}},
	{typ: "AWS::IAM::ManagedPolicy", named: "ManagedPolicyName", takes: 16 * time.Second, physicalID: func(w *work) string {
		name := w.text("ManagedPolicyName")
		if name == "" {
			name = w.s.name + "-" + w.r.id + "-" + w.c.letters("policy", w.s.name+"/"+w.r.id, 12, true)
		}
		return w.c.arn("iam", "policy/"+name)
	}, attributes: attributes{"PolicyArn": nil}},
	{typ: "AWS::S3::Bucket", named: "BucketName", takes: 20 * time.Second, physicalID: func(w *work) string {
		if name := w.text("BucketName"); name != "" {
			return name
		}
		return strings.ToLower(w.s.name+"-"+w.r.id+"-") + w.c.letters("bucket", w.s.name+"/"+w.r.id, 13, false)
	}, attributes: attributes{
		"Arn":                 func(w *work) cfn.Value { return cfn.String(w.c.arn("s3", w.r.physical)) },
		"DomainName":          func(w *work) cfn.Value { return cfn.String(w.r.physical + ".s3." + w.c.suffix()) },
		"RegionalDomainName":  regionalDomain("s3"),
		"DualStackDomainName": regionalDomain("s3.dualstack"),
		"WebsiteURL": func(w *work) cfn.Value {
			return cfn.String("http://" + w.r.physical + ".s3-website-" + w.c.opts.Region + "." + w.c.suffix())
		},
	}, onMake: func(w *work) error {
		w.c.data.buckets = append(w.c.data.buckets, &bucket{name: w.r.physical, versioned: versioned(w)})
		return nil
	}, onChange: func(w *work, _ cfn.Object) error {
		if b := w.c.data.bucket(w.r.physical); b != nil {
			b.versioned = versioned(w)
		}
		return nil
	}, onRemove: removeBucket},
	{typ: "AWS::S3::BucketPolicy", takes: 2 * time.Second, physicalID: idFrom("Bucket"), attributes: attributes{}},
	{typ: "AWS::ECR::Repository", named: "RepositoryName", takes: 2 * time.Second, physicalID: func(w *work) string {
		if name := w.text("RepositoryName"); name != "" {
			return name
		}
		return strings.ToLower(w.s.name+"-"+w.r.id+"-") + w.c.letters("repository", w.s.name+"/"+w.r.id, 12, false)
	}, attributes: attributes{
		"Arn":           nil,
		"RepositoryUri": func(w *work) cfn.Value { return cfn.String(w.c.registry() + "/" + w.r.physical) },
	}, onMake: func(w *work) error {
		w.c.data.repositories = append(w.c.data.repositories, &repository{
			name: w.r.physical, stack: w.s.id, immutable: strings.HasPrefix(w.text("ImageTagMutability"), "IMMUTABLE"),
		})
		return nil
	}, onChange: func(w *work, _ cfn.Object) error {
		if r := w.c.data.repository(w.r.physical); r != nil {
			r.immutable = strings.HasPrefix(w.text("ImageTagMutability"), "IMMUTABLE")
		}
		return nil
	}, onRemove: removeRepository},
	{typ: "AWS::Logs::LogGroup", named: "LogGroupName", takes: 4 * time.Second, attributes: attributes{
		"Arn": func(w *work) cfn.Value { return cfn.String(w.c.arn("logs", "log-group:"+w.r.physical+":*")) },
	}, onMake: func(w *work) error {
		if w.c.data.logGroup(w.r.physical) != nil {
			return w.c.handlerError("AlreadyExists", "Resource of type 'AWS::Logs::LogGroup' with identifier "+
				"'{\"/properties/LogGroupName\":\"%s\"}' already exists.", w.r.physical)
		}
		w.c.data.logGroups = append(w.c.data.logGroups, &logGroup{name: w.r.physical})
		return nil
	}, onRemove: func(w *work) (bool, error) {
		w.c.data.logGroups = slices.DeleteFunc(w.c.data.logGroups, func(g *logGroup) bool { return g.name == w.r.physical })
		return true, nil
	}},
	{typ: "AWS::SSM::Parameter", named: "Name", takes: 2 * time.Second, physicalID: func(w *work) string {
		if name := w.text("Name"); name != "" {
			return name
		}
		return "CFN-" + w.r.id + "-" + w.c.letters("parameter", w.s.name+"/"+w.r.id, 12, false)
	}, mirrors: mirrors{"Type": "Type", "Value": "Value"}, onMake: putParameter,
		onChange: func(w *work, _ cfn.Object) error { return putParameter(w) },
		onRemove: func(w *work) (bool, error) {
			delete(w.c.data.parameters, w.r.physical)
			return true, nil
		}},
}

// idFrom returns ids that are what a property says.
func idFrom(property string) func(*work) string {
	return func(w *work) string { return w.text(property) }
}

func regionalDomain(host string) func(*work) cfn.Value {
	return func(w *work) cfn.Value {
		return cfn.String(w.r.physical + "." + host + "." + w.c.opts.Region + "." + w.c.suffix())
	}
}

func versioned(w *work) bool {
	v, _ := w.r.properties.Get("VersioningConfiguration").(cfn.Object)
	return text(v.Get("Status")) == "Enabled"
}

func putParameter(w *work) error {
	if w.c.data.parameters == nil {
		w.c.data.parameters = map[string]string{}
	}
	w.c.data.parameters[w.r.physical] = w.text("Value")
	return nil
}

// removeBucket deletes a bucket, which has to be empty.
func removeBucket(w *work) (bool, error) {
	b := w.c.data.bucket(w.r.physical)
	if b != nil && len(b.versions) > 0 {
		return true, w.c.handlerError("GeneralServiceException", "The bucket you tried to delete is not empty. You must delete all "+
			"versions in the bucket. (Service: S3, Status Code: 409, Request ID: %s)", strings.ToUpper(w.c.ids.hash("request", "")[:16]))
	}
	w.c.data.buckets = slices.DeleteFunc(w.c.data.buckets, func(b *bucket) bool { return b.name == w.r.physical })
	return true, nil
}

// removeRepository deletes a repository, which has to be empty unless it says otherwise.
func removeRepository(w *work) (bool, error) {
	r := w.c.data.repository(w.r.physical)
	if r != nil && len(r.images) > 0 && w.text("EmptyOnDelete") != "true" {
		return true, w.c.handlerError("GeneralServiceException", "The repository with name '%s' in registry with id '%s' cannot be deleted "+
			"because it still contains images (Service: Ecr, Status Code: 400, Request ID: %s)",
			w.r.physical, w.c.opts.Account, uuid(w.c.ids.hash("request", "")))
	}
	w.c.data.repositories = slices.DeleteFunc(w.c.data.repositories, func(r *repository) bool { return r.name == w.r.physical })
	return true, nil
}

// trusted returns the services that a trust policy names.
func trusted(policy cfn.Value) []string {
	var out []string
	document, _ := policy.(cfn.Object)
	statements, ok := document.Get("Statement").(cfn.List)
	if !ok {
		statements = cfn.List{document.Get("Statement")}
	}
	for _, st := range statements {
		statement, _ := st.(cfn.Object)
		principal, _ := statement.Get("Principal").(cfn.Object)
		names, ok := principal.Get("Service").(cfn.List)
		if !ok {
			names = cfn.List{principal.Get("Service")}
		}
		for _, n := range names {
			if name := text(n); name != "" {
				out = append(out, name)
			}
		}
	}
	return out
}
