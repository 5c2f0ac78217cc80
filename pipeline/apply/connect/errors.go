package connect

import (
	"cmp"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/credentials/ec2rolecreds"
	"github.com/aws/aws-sdk-go-v2/credentials/endpointcreds"
	"github.com/aws/aws-sdk-go-v2/credentials/logincreds"
	"github.com/aws/aws-sdk-go-v2/credentials/ssocreds"
	"github.com/aws/aws-sdk-go-v2/credentials/stscreds"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"github.com/seed-b1f00840/slipway/pipeline/apply"
	"github.com/seed-b1f00840/slipway/pipeline/apply/internal/fault"
)

// notLoaded explains why there is no configuration.
func notLoaded(err error) error {
	var missing config.SharedConfigProfileNotExistError
	if errors.As(err, &missing) {
		return &apply.Error{
			Message: fmt.Sprintf("there is no profile %q", missing.Profile),
			Remedy:  "see aws configure list-profiles, or make it with aws configure --profile " + missing.Profile,
			Err:     err,
		}
	}
	return &apply.Error{Message: "the AWS configuration cannot be used: " + reason(err), Remedy: "see ~/.aws/config and the variables AWS_*", Err: err}
}

// notFetched explains why a provider of a configuration has no credentials. Nil stays
// nil.
func notFetched(err error, from aws.CredentialsProvider, shared config.SharedConfig) error {
	if err == nil {
		return nil
	}
	is := func(provider aws.CredentialsProvider) bool { return aws.IsCredentialsProvider(from, provider) }
	profile := cmp.Or(shared.Profile, "default")
	e := &apply.Error{Message: "there are no credentials: " + reason(err), Err: err}
	switch {
	case is((*ec2rolecreds.Provider)(nil)):
		e.Message = "no credentials are found: not in the environment, not in the profile " + profile + ", and this machine has none of its own"
		e.Remedy = "sign in with aws sso login or aws login, and name the profile with --profile or AWS_PROFILE; or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
		if set, missing := halfKey(); missing != "" {
			e.Message = set + " is set, and " + missing + " is not"
			e.Remedy = "set both, and AWS_SESSION_TOKEN if they came with one; or neither, and name a profile"
		}
	case is((*ssocreds.Provider)(nil)), is((*logincreds.Provider)(nil)):
		e.Message, e.Remedy = noSession(err, &shared)
	case is((*process)(nil)):
		e.Message = fmt.Sprintf("the credential_process of profile %s gives no credentials: %s", profile, reason(err))
		e.Remedy = "run it by itself to see why"
	case is((*endpointcreds.Provider)(nil)):
		e.Message = "the container gives no credentials: " + reason(err)
		e.Remedy = "see the task role, or the service account of the pod"
	case is((*stscreds.AssumeRoleProvider)(nil)):
		return notAssumed(err, shared.RoleARN, &shared)
	}
	return e
}

// halfKey returns the two variables of a key when only one of them is set.
func halfKey() (set, missing string) {
	set, missing = "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"
	if os.Getenv(set) == "" {
		set, missing = missing, set
	}
	if os.Getenv(set) == "" || os.Getenv(missing) != "" {
		return "", ""
	}
	return set, missing
}

// noSession says what to do about a session of a profile that is over.
func noSession(err error, profile *config.SharedConfig) (message, remedy string) {
	session, command := "session", "aws login"
	if isSSO(profile) {
		session, command = "SSO session", "aws sso login"
	}
	name := cmp.Or(profile.Profile, "default")
	message = fmt.Sprintf("the %s of profile %s is over, or was never begun", session, name)
	var api smithy.APIError
	var network *net.OpError
	if errors.As(err, &api) || errors.As(err, &network) {
		message += ": " + reason(err)
	}
	return message, "sign in with " + command + " --profile " + name
}

func isSSO(p *config.SharedConfig) bool { return p.SSOSessionName != "" || p.SSOStartURL != "" }

// notAssumed explains why a role is not assumed with the credentials of a profile. Nil
// stays nil.
func notAssumed(err error, role string, profile *config.SharedConfig) error {
	if err == nil {
		return nil
	}
	for profile.Source != nil {
		profile = profile.Source
	}
	e := &apply.Error{Call: "sts:AssumeRole", Message: "the role " + role + " is not assumed: " + reason(err), Err: err}
	var api smithy.APIError
	switch isAnswer := errors.As(err, &api) && service(err) == sts.ServiceID; {
	case errors.Is(err, errNoMFA):
		e.Remedy = "run it on a terminal, or assume the role before"
	case isAnswer && strings.Contains(api.ErrorMessage(), "MultiFactorAuthentication"):
		e.Remedy = "try again with the next code"
	case isAnswer && api.ErrorCode() == "AccessDenied":
		e.Remedy = "allow sts:AssumeRole on it in the policy of the identity that calls; its trust policy has to allow that identity, " +
			"with the external id (--external-id) and the MFA device (mfa_serial of the profile) that it asks for"
	case isAnswer:
		e.Remedy = "the credentials with which it is assumed may be over: sign in again"
	case isSSO(profile) || profile.LoginSession != "":
		var why string
		why, e.Remedy = noSession(err, profile)
		e.Message = "the role " + role + " is not assumed: " + why
	default:
		e.Remedy = "see with which credentials it is assumed: source_profile or credential_source of the profile, or the environment"
	}
	return e
}

// service returns the service that was called last on the way to an error.
func service(err error) (name string) {
	for ; err != nil; err = errors.Unwrap(err) {
		if op, ok := err.(*smithy.OperationError); ok {
			name = op.ServiceID
		}
	}
	return name
}

// reason returns why something has failed, in words that hold no credentials.
func reason(err error) string {
	var process *processError
	if errors.As(err, &process) {
		return process.Error()
	}
	return fault.Reason(err)
}
