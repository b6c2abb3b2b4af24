package method

import (
	"context"
	"errors"
	"regexp"
	"strings"
	"sync"

	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/vault"
)

// The values of a lease of AWS credentials, by the names of the SDKs. They are
// the same for a role and for a key; that of a user has no session token.
const (
	valueAccessKeyID = "accessKeyId"
	valueSecret      = "secretAccessKey"
	valueSession     = "sessionToken"
	inputRegion      = "region" // An input and a value.
)

// regionPattern keeps a region from becoming another host: it stands in the name
// of the endpoint.
var regionPattern = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z]{2,6}(-[a-z]+){1,3}-[0-9]{1,2}$`) })

var errNoRoles = fault.New(fault.Unprocessable, fault.CodeSchemeMismatch, "AWS credentials cannot be used here.")

// leaseAWS returns the credentials as a lease hands them out, with what else the
// scheme's placement names. Nothing of them goes into a header: AWS wants every
// request signed (Signature Version 4).
func leaseAWS(t Target, s RoleSession) (vault.Leasable, error) {
	values := map[string]secret.Bytes{valueAccessKeyID: secret.FromString(s.AccessKeyID), valueSecret: s.SecretAccessKey}
	if !s.SessionToken.IsZero() {
		values[valueSession] = s.SessionToken
	}
	for _, v := range values {
		if v.IsZero() || !headerSafe(v) {
			return vault.Leasable{}, Unreadable
		}
	}
	l, err := place(t, variables(t, values))
	if err != nil {
		return vault.Leasable{}, err
	}
	if region := t.Values[inputRegion].Text; region != "" {
		values[inputRegion] = secret.FromString(region)
	}
	for name, v := range values {
		l.Values[name] = v
	}
	return l, nil
}

// verifyAWS asks STS in the connection's region who the credentials are, which
// needs no permission (GetCallerIdentity).
func verifyAWS(ctx context.Context, reach Reach, t Target, l vault.Leasable) (Probe, error) {
	region := t.Values[inputRegion].Text
	switch {
	case reach.Roles == nil:
		return Probe{}, errNoRoles
	case !regionPattern().MatchString(region):
		return Probe{}, wrongInput(inputRegion, "Must be a region, such as eu-central-1.")
	}
	ctx, cancel := context.WithTimeout(ctx, probeTimeout)
	defer cancel()
	arn, account, err := reach.Roles.CallerIdentity(ctx, region, RoleSession{
		AccessKeyID: l.Values[valueAccessKeyID].Reveal(), SecretAccessKey: l.Values[valueSecret], SessionToken: l.Values[valueSession],
	})
	if err != nil {
		return refusedAWS(err)
	}
	p := Probe{Outcome: catalog.OK}
	p.AccountID, p.AccountName = principal(arn, account)
	return p, nil
}

// refusedAWS turns an error of CallerIdentity into an outcome.
func refusedAWS(err error) (Probe, error) {
	switch f := fault.From(err); {
	case errors.Is(err, Definitive):
		return Probe{Outcome: catalog.AuthError}, nil
	case f.Kind == fault.Denied:
		return Probe{Outcome: catalog.PermissionError}, nil
	case f.Kind == fault.RateLimited:
		return Probe{Outcome: catalog.RateLimited}, nil
	case f.Kind == fault.Unavailable:
		return Probe{Outcome: catalog.ProviderError}, nil
	case f.Kind == fault.Upstream, f.Kind == fault.UpstreamTimeout:
		return unreachable(err)
	}
	return Probe{}, err
}

// principal returns who stays the same behind the ARN of a caller, as an id and
// as an ARN: of a session that is its role, whose path such an ARN does not have.
// arn:aws:sts::210987654321:assumed-role/reader/tenon-con_1 is
// 210987654321:role/reader.
func principal(arn, account string) (id, name string) {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) != 6 {
		return account, ""
	}
	resource := parts[5]
	if role, ok := strings.CutPrefix(resource, "assumed-role/"); ok {
		role, _, _ = strings.Cut(role, "/")
		resource, parts[2] = "role/"+role, "iam"
	}
	parts[5] = resource
	return account + ":" + resource, strings.Join(parts, ":")
}

func wrongInput(name, detail string) error {
	return &fault.Error{
		Kind: fault.Invalid, Code: fault.CodeValidationFailed, Detail: "The inputs are not valid.", Remedy: "fix_input",
		Fields: []fault.Field{{Pointer: "/inputs/" + name, Detail: detail}},
	}
}
