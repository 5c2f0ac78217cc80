package connect

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/middleware"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudformation"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/codebuild"
	"github.com/aws/aws-sdk-go-v2/service/codepipeline"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go/logging"
	smithy "github.com/aws/smithy-go/middleware"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/bundle"
)

// Options say whose configuration is used, and as whom AWS is called. The zero value is
// what the AWS CLI would take.
type Options struct {
	// Region is where the calls go. Empty is AWS_REGION, or what the profile says.
	Region string

	// Profile is a profile of ~/.aws/config, which then counts more than credentials of
	// the environment. Empty is AWS_PROFILE, or the default one.
	Profile string

	// RoleARN is a role that is assumed with the credentials of the configuration. Empty
	// is none. The ExternalID is what its owner asks for; empty is none. SessionName is
	// how the session is called in CloudTrail; empty is "slipway".
	RoleARN     string
	ExternalID  string
	SessionName string

	// MFA returns the code of an MFA device for a role, when the profile names a device
	// (mfa_serial). It gets the context of Clients, and is asked again when the session of
	// the role has ended, after an hour. Nil is an error where a code is needed.
	MFA func(context.Context) (string, error)

	// Endpoint is the URL of an emulator, which is called in place of all services:
	// http://127.0.0.1:4566. Empty is AWS, or what the configuration says. Credentials of
	// the configuration are still fetched from where it says.
	Endpoint string

	// UserAgent names the program to AWS, as name or name/version, after what the SDK says
	// of itself. Empty is "slipway".
	UserAgent string
}

// Clients returns the clients for a region, once there are credentials: it fetches them,
// so that a session that is over is an error now and not later. Credentials that expire
// are fetched again by the clients, as long as ctx lives. It makes no call but for that.
//
// The clients do not repeat calls that fail: an [apply.Applier] does. The error is an
// [*apply.Error].
func Clients(ctx context.Context, opts Options) (apply.Clients, error) {
	cfg, err := load(ctx, opts)
	if err != nil {
		return apply.Clients{}, err
	}
	return apply.Clients{
		Region:         cfg.Region,
		STS:            sts.NewFromConfig(cfg),
		CloudFormation: cloudformation.NewFromConfig(cfg),
		ECS:            ecs.NewFromConfig(cfg),
		CodePipeline:   codepipeline.NewFromConfig(cfg),
		CodeBuild:      codebuild.NewFromConfig(cfg),
		Logs:           cloudwatchlogs.NewFromConfig(cfg),
		ECR:            ecr.NewFromConfig(cfg),
		// An emulator has no name for each bucket.
		S3: s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = o.BaseEndpoint != nil }),
	}, nil
}

// load returns the configuration with credentials that were fetched.
func load(ctx context.Context, opts Options) (aws.Config, error) {
	if err := opts.check(); err != nil {
		return aws.Config{}, err
	}
	r := &roles{ctx: ctx, ask: opts.MFA}
	loaders := []func(*config.LoadOptions) error{config.WithAssumeRoleCredentialOptions(r.roleOfProfile), config.WithLogger(logging.Nop{})}
	if opts.Profile != "" {
		loaders = append(loaders, config.WithSharedConfigProfile(opts.Profile))
	}
	if opts.Region != "" {
		loaders = append(loaders, config.WithRegion(opts.Region))
	}
	cfg, err := config.LoadDefaultConfig(ctx, loaders...)
	if err != nil {
		return cfg, notLoaded(err)
	}
	if err := checkRegion(cfg.Region); err != nil {
		return cfg, err
	}
	shared := profileOf(cfg)
	r.endpoint, r.profile = cfg.BaseEndpoint, &shared
	cfg.Credentials = quiet(cfg.Credentials, &shared)
	if cfg.Credentials, err = fetch(ctx, cfg, shared); err != nil {
		return cfg, err
	}
	cfg.APIOptions = append(cfg.APIOptions, opts.userAgent())
	if opts.Endpoint != "" {
		cfg.BaseEndpoint = &opts.Endpoint
		cfg.ConfigSources = nil // or an endpoint for a single service would still count
	}
	if opts.RoleARN != "" {
		if cfg.Credentials, err = assume(ctx, cfg, opts, shared, r); err != nil {
			return cfg, err
		}
	}
	cfg.Retryer = func() aws.Retryer { return aws.NopRetryer{} } // not before: for credentials nobody else repeats calls
	return cfg, nil
}

// check refuses what cannot work.
func (o *Options) check() error {
	if o.Endpoint != "" {
		if u, err := url.Parse(o.Endpoint); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil {
			return &apply.Error{Message: "the endpoint is no URL such as http://127.0.0.1:4566"}
		}
	}
	if o.RoleARN == "" && (o.ExternalID != "" || o.SessionName != "") {
		return &apply.Error{Message: "an external id or a name of a session is given, and no role", Remedy: "give the role with --role-arn"}
	}
	return nil
}

// checkRegion refuses what cannot be a region: the SDK would make a host's name of it.
func checkRegion(region string) error {
	const remedy = "give one with --region, the variable AWS_REGION or a profile"
	if region == "" {
		return &apply.Error{Message: "no region is given", Remedy: remedy}
	}
	if _, err := (bundle.Target{Account: "123456789012", Region: region}).Complete(); err != nil {
		return &apply.Error{Message: fmt.Sprintf("%q is no region: one looks like eu-central-1", region), Remedy: remedy}
	}
	return nil
}

// userAgent adds the name of the program to requests.
func (o *Options) userAgent() func(*smithy.Stack) error {
	name, version, ok := strings.Cut(cmp.Or(o.UserAgent, "slipway"), "/")
	if ok {
		return middleware.AddUserAgentKeyValue(name, version)
	}
	return middleware.AddUserAgentKey(name)
}

// profileOf returns the profile that a configuration was made from. It is empty when
// there is none.
func profileOf(cfg aws.Config) config.SharedConfig {
	for _, source := range cfg.ConfigSources {
		if shared, ok := source.(config.SharedConfig); ok {
			return shared
		}
	}
	return config.SharedConfig{}
}
