package connect

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

const (
	// sessionName is that of a role's session. It stays the same from run to run, so that
	// a run finds what an earlier one has left.
	sessionName = "slipway"

	// sessionLength is what every role allows, and what a role that was assumed with
	// another one allows at most.
	sessionLength = time.Hour

	// instanceTimeout is how long the metadata service of an instance may take. It answers
	// at once where there is one, and never on a laptop.
	instanceTimeout = 2 * time.Second
)

// fetch returns the credentials of a configuration, once it has got them.
func fetch(ctx context.Context, cfg aws.Config, shared config.SharedConfig) (aws.CredentialsProvider, error) {
	attempt := ctx
	if aws.IsCredentialsProvider(cfg.Credentials, (*ec2rolecreds.Provider)(nil)) {
		var cancel context.CancelFunc
		attempt, cancel = context.WithTimeout(ctx, instanceTimeout)
		defer cancel()
	}
	_, err := cfg.Credentials.Retrieve(attempt)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return cfg.Credentials, notFetched(err, cfg.Credentials, shared)
}

// assume returns the credentials of a role, once it has got them.
func assume(ctx context.Context, cfg aws.Config, opts Options, shared config.SharedConfig, r *roles) (aws.CredentialsProvider, error) {
	provider := stscreds.NewAssumeRoleProvider(sts.NewFromConfig(cfg), opts.RoleARN, func(o *stscreds.AssumeRoleOptions) {
		o.RoleSessionName = opts.SessionName
		if opts.ExternalID != "" {
			o.ExternalID = &opts.ExternalID
		}
		if shared.MFASerial != "" && shared.RoleARN == "" { // or it was used for the role of the profile
			o.SerialNumber = &shared.MFASerial
		}
		r.role(o)
	})
	cache := aws.NewCredentialsCache(provider)
	_, err := cache.Retrieve(ctx)
	if err != nil && ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	return cache, notAssumed(err, opts.RoleARN, &shared)
}

// errNoMFA is why a role cannot be assumed that needs a code.
var errNoMFA = errors.New("the role needs a code of an MFA device, and there is nobody to ask")

// roles are how roles are assumed.
type roles struct {
	ctx context.Context
	ask func(context.Context) (string, error) // for the code of an MFA device; nil is nobody

	// Of a role of a profile, whose client the SDK makes before it knows these.
	endpoint *string // of STS, where nothing else says one; nil is AWS
	profile  *config.SharedConfig
}

// role completes how a role is assumed.
func (r *roles) role(o *stscreds.AssumeRoleOptions) {
	o.RoleSessionName = cmp.Or(o.RoleSessionName, sessionName)
	o.Duration = cmp.Or(o.Duration, sessionLength)
	o.TokenProvider = r.code
}

// roleOfProfile does so for a role that a profile names.
func (r *roles) roleOfProfile(o *stscreds.AssumeRoleOptions) {
	r.role(o)
	if c, ok := o.Client.(*sts.Client); ok {
		o.Client = lateClient{c, r}
	}
}

// A lateClient is a client of STS that learns late where it calls, and as whom: the SDK
// makes the client for the role of a profile before it has read AWS_ENDPOINT_URL.
type lateClient struct {
	*sts.Client
	*roles
}

func (c lateClient) AssumeRole(ctx context.Context, in *sts.AssumeRoleInput, fns ...func(*sts.Options)) (*sts.AssumeRoleOutput, error) {
	return c.Client.AssumeRole(ctx, in, append(fns, func(o *sts.Options) {
		if o.BaseEndpoint == nil {
			o.BaseEndpoint = c.endpoint
		}
		o.Credentials = quiet(o.Credentials, c.profile)
	})...)
}

func (r *roles) code() (string, error) {
	if r.ask == nil {
		return "", errNoMFA
	}
	return r.ask(r.ctx)
}
