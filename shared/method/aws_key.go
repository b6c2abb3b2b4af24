package method

import (
	"context"
	"regexp"
	"strings"
	"sync"

	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// AccessKey is the long-lived access key of an IAM user, for accounts where no
// role can be made. The fields are accessKeyId and secretAccessKey, the input is
// region. AWS allows two keys to a user, so that one can take over from the other.
type AccessKey struct{}

// Patterns are built at first use: building those with large repetitions costs
// each start of a function, most of which have nothing to do with AWS, a
// millisecond.
var (
	keyIDPattern     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^AKIA[A-Z0-9]{12,124}$`) })
	keySecretPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[A-Za-z0-9/+=]{40}$`) })
)

// Type implements Method.
func (AccessKey) Type() string { return "aws_access_key" }

// Check implements Checker.
func (AccessKey) Check(_ Target, fields map[string]secret.Bytes) error {
	var wrong []fault.Field
	add := func(name, detail string) {
		wrong = append(wrong, fault.Field{Pointer: "/credential/" + name, Detail: detail})
	}
	switch id := fields[valueAccessKeyID].Reveal(); {
	case strings.HasPrefix(id, "ASIA"):
		add(valueAccessKeyID, "Is that of a temporary session, which would end within hours. Give the key of a user, or connect a role.")
	case !keyIDPattern().MatchString(id):
		add(valueAccessKeyID, "Must be an access key id: AKIA and at least 12 capital letters and digits.")
	}
	if !keySecretPattern().MatchString(fields[valueSecret].Reveal()) {
		add(valueSecret, "Must be the 40 characters of a secret access key.")
	}
	if len(wrong) == 0 {
		return nil
	}
	return &fault.Error{Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The credential is not valid.", Remedy: "fix_input", Fields: wrong}
}

// Describe shows the id of the key, which is no secret, and nothing of the rest.
func (AccessKey) Describe(fields map[string]secret.Bytes) Description {
	return Description{Last4: fields[valueAccessKeyID].Last4(), User: fields[valueAccessKeyID].Reveal()}
}

// Apply implements Method: the lease has the key among its values.
func (m AccessKey) Apply(t Target, fields map[string]secret.Bytes, _ Token) (vault.Leasable, error) {
	if err := m.Check(t, fields); err != nil {
		return vault.Leasable{}, err
	}
	return leaseAWS(t, RoleSession{AccessKeyID: fields[valueAccessKeyID].Reveal(), SecretAccessKey: fields[valueSecret]})
}

// Verify implements Verifier.
func (AccessKey) Verify(ctx context.Context, reach Reach, t Target, l vault.Leasable) (Probe, error) {
	return verifyAWS(ctx, reach, t, l)
}
