package cloud

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"github.com/tenonhq/tenon/infra/local/iam"
)

// conditions are condition keys of a request with their values.
type conditions = map[string][]string

// access is one permission that an operation needs.
type access struct {
	action   string // As in a policy: "dynamodb:GetItem".
	resource string // An ARN, or "*".
	context  conditions
	policy   *iam.Document // The policy of the resource; nil for none.
	guarded  bool          // The resource's policy must allow, as that of a key or a role.
	behind   bool          // A service asks with the caller's permissions and does not say so.
}

// need registers the permissions that an operation of this target needs. An
// operation without them is refused to everybody but the root.
func need[I any](c *Cloud, target string, permissions func(*I) ([]access, error)) {
	c.needs[target] = func(input any) ([]access, error) { return permissions(input.(*I)) }
}

// admit lets a request through to its operation, or not: by who signed it, what
// that one is allowed, and Fault. The journal has it either way.
func (c *Cloud) admit(r *http.Request, op operation, body []byte, input any) error {
	call := Call{Target: op.target, Time: c.Now()}
	if about, ok := input.(named); ok {
		call.Resource = about.resource()
	}
	who, err := c.identities.authenticate(r, body)
	if err == nil {
		call.Role = who.role
		switch in := input.(type) {
		case *stsRequest:
			in.who = who
		case *keyRequest:
			in.who = who
		}
		err = c.authorize(who, op.target, input)
	} else if _, query := input.(*stsRequest); !query {
		err = withoutQuery(asError(err))
	}
	if denial := (*denied)(nil); errors.As(err, &denial) {
		call.Denied = denial.Reason
		err = denial.answer(op.target)
	}
	c.journal.add(call)
	if err != nil || c.Fault == nil {
		return err
	}
	return c.Fault(op.target, body)
}

// authorize decides every permission that an operation needs. The root needs
// none.
func (c *Cloud) authorize(who signer, target string, input any) error {
	if who.root {
		return nil
	}
	permissions, known := c.needs[target]
	if !known {
		return c.deny(who, target, access{action: target, resource: "*"}, "the local AWS has no permissions for this operation, so it is refused to roles")
	}
	list, err := permissions(input)
	if err != nil {
		return err
	}
	for _, a := range list {
		decision := c.decide(who, a)
		if !decision.Allowed {
			return c.deny(who, target, a, strings.TrimSuffix(decision.Reason+": "+decision.Statement, ": "))
		}
		c.permissions.use(who.role, a.action)
	}
	return nil
}

// decide asks the policies of the caller and of the resource.
func (c *Cloud) decide(who signer, a access) iam.Decision {
	role := c.identities.role(who.role)
	tags := map[string]string{}
	maps.Copy(tags, role.Tags)
	maps.Copy(tags, who.tags)
	context := conditions{"aws:SecureTransport": {"true"}, "aws:RequestedRegion": {c.Region}}
	maps.Copy(context, a.context)
	return iam.Evaluate(
		iam.Policies{Identity: role.Policies, Resource: a.policy, Key: a.guarded, Session: who.policies},
		iam.Request{
			Principal: iam.Principal{ARN: who.principal(), Session: who.arn, Account: accountOf(who.arn), Tags: tags},
			Action:    a.action, Resource: a.resource, Context: context,
		})
}

func (c *Cloud) deny(who signer, target string, a access, reason string) error {
	d := &denied{
		Denial: Denial{Role: who.principal(), Operation: target, Action: a.action, Resource: a.resource, Reason: reason, Time: c.Now()},
		who:    who.arn, behind: a.behind,
	}
	c.permissions.deny(d.Denial)
	if c.Denied != nil {
		c.Denied(d.Denial)
	}
	return d
}

// denied is an access that was refused on the way to its answer.
type denied struct {
	Denial
	who    string
	behind bool
}

func (d *denied) Error() string {
	return fmt.Sprintf("User: %s is not authorized to perform: %s on resource: %s because %s", d.who, d.Action, d.Resource, d.Reason)
}

// answer is what the service of the operation says. Secrets Manager does not
// tell what it was refused behind the caller.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html
func (d *denied) answer(target string) *Error {
	out := &Error{Code: "AccessDeniedException", Message: d.Error()}
	switch serviceOf(target) {
	case stsAPI.name:
		out.Code, out.Status = "AccessDenied", http.StatusForbidden
	case sqsAPI.name, sesAPI.name, lambdaAPI.name, schedulerAPI.name:
		out.Status = http.StatusForbidden
	case secretsAPI.name:
		if d.behind {
			out.Message = "Access to KMS is not allowed"
		}
	}
	return out
}

// withoutQuery gives errors of credentials the codes that they have outside of
// the query protocol.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/CommonErrors.html
func withoutQuery(e *Error) *Error {
	code := map[string]string{
		"InvalidClientTokenId": "UnrecognizedClientException", "ExpiredToken": "ExpiredTokenException", "SignatureDoesNotMatch": "InvalidSignatureException",
	}[e.Code]
	if code == "" {
		return e
	}
	return &Error{Code: code, Message: e.Message}
}
