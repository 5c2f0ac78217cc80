package buildspec

import (
	"fmt"
	"strings"

	"github.com/seed-b1f00840/slipway"
	"github.com/seed-b1f00840/slipway/internal/check"
)

// A SecretRef is the value of a variable of [Env.SecretsManager].
type SecretRef struct {
	ID           string // name or ARN of the secret
	JSONKey      string // key within the secret's value; empty means the whole value
	VersionStage string // staging label; empty means AWSCURRENT, or what VersionID says
	VersionID    string // not together with VersionStage
}

// ParseSecretRef splits secret-id[:json-key[:version-stage[:version-id]]]. The
// secret-id may be an ARN, which has six colons of its own.
//
// Source: https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html#build-spec.env.secrets-manager
func ParseSecretRef(s string) (SecretRef, error) {
	parts := strings.Split(s, ":")
	if parts[0] == "arn" {
		if len(parts) < 7 || parts[2] != "secretsmanager" || parts[5] != "secret" {
			return SecretRef{}, fmt.Errorf("found %q, want arn:<partition>:secretsmanager:<region>:<account>:secret:<name>", s)
		}
		parts = append([]string{strings.Join(parts[:7], ":")}, parts[7:]...)
	}
	switch {
	case parts[0] == "":
		return SecretRef{}, fmt.Errorf("found %q without the name of a secret", s)
	case len(parts) > 4:
		return SecretRef{}, fmt.Errorf("found %d parts in %q, want at most 4: secret-id:json-key:version-stage:version-id", len(parts), s)
	}
	parts = append(parts, "", "", "")
	return SecretRef{parts[0], parts[1], parts[2], parts[3]}, nil
}

// String returns the reference as [Env.SecretsManager] holds it.
func (r SecretRef) String() string {
	return strings.TrimRight(strings.Join([]string{r.ID, r.JSONKey, r.VersionStage, r.VersionID}, ":"), ":")
}

var secretRule = slipway.Rule{
	Name: "buildspec/secrets-manager", Source: refURL + "#build-spec.env.secrets-manager",
	Doc: "A variable of secrets-manager has secret-id[:json-key[:version-stage[:version-id]]] as its value, and not both of a stage and an id.",
}

func checkSecret(s *Spec, r *check.Report) {
	if s.Env == nil {
		return
	}
	for _, v := range s.Env.SecretsManager {
		if strings.Contains(v.Value, "$") {
			continue
		}
		path := slipway.Path("env", "secrets-manager", v.Name)
		switch ref, err := ParseSecretRef(v.Value); {
		case err != nil:
			r.Addf(path, "%v", err)
		case ref.VersionStage != "" && ref.VersionID != "":
			r.Warnf(path, "found the stage %q and the version %q; give only one of them", ref.VersionStage, ref.VersionID)
		}
	}
}
