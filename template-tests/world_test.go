package templatetests_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/infra/local/iam"
	"github.com/tenonhq/tenon/shared/routes"
)

// A world is the stage of the committed templates as IAM sees it: the policies
// of the roles, and those of the keys, queues and roles themselves.
type world struct {
	names     *naming
	roles     map[string]role // By logical id.
	resources map[string]*iam.Document
	ownKeys   iam.Document // The policy that KMS gives a key that is made without one.
}

type role struct {
	principal iam.Principal
	policies  []iam.Document
}

func newWorld(t *testing.T) *world {
	t.Helper()
	data, replaced := load(t)
	w := &world{names: newNaming(data, replaced), roles: map[string]role{}, resources: map[string]*iam.Document{}}
	w.ownKeys = w.parse(t, replaced, object{"Statement": object{
		"Effect": "Allow", "Action": "kms:*", "Resource": "*", "Principal": object{"AWS": "arn:aws:iam::" + accountID + ":root"},
	}})
	for _, tp := range []*template{data, replaced} {
		for id, r := range tp.Resources {
			w.add(t, tp, id, r)
		}
	}
	if len(w.roles) < 50 {
		t.Fatalf("%d roles", len(w.roles))
	}
	return w
}

// add reads the policies of one resource.
func (w *world) add(t *testing.T, tp *template, id string, r resource) {
	t.Helper()
	switch r.Type {
	case "AWS::IAM::Role":
		w.addRole(t, tp, id, r.Properties)
	case "AWS::KMS::Key":
		d := w.parse(t, tp, r.Properties["KeyPolicy"])
		w.resources[w.names.arn(id)] = &d
	case "AWS::SQS::QueuePolicy":
		d := w.parse(t, tp, r.Properties["PolicyDocument"])
		for _, queue := range r.Properties["Queues"].([]any) {
			w.resources[w.names.arn(queue.(object)["Ref"].(string))] = &d
		}
	case "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy":
		t.Fatalf("%s: policies stand in their roles", id)
	}
}

func (w *world) addRole(t *testing.T, tp *template, id string, properties object) {
	t.Helper()
	for _, other := range []string{"ManagedPolicyArns", "PermissionsBoundary"} {
		if properties[other] != nil {
			t.Fatalf("%s has %s", id, other)
		}
	}
	trust := w.parse(t, tp, properties["AssumeRolePolicyDocument"])
	w.resources[w.names.arn(id)] = &trust
	r := role{principal: iam.Principal{
		ARN: w.names.arn(id), Session: "arn:aws:sts::" + accountID + ":assumed-role/" + id + "/call", Account: accountID,
	}}
	policies, _ := properties["Policies"].([]any)
	for _, p := range policies {
		d := w.parse(t, tp, at(p, "PolicyDocument"))
		d.Name = id
		r.policies = append(r.policies, d)
	}
	w.roles[id] = r
}

func (w *world) parse(t *testing.T, tp *template, document any) iam.Document {
	t.Helper()
	resolved := w.names.resolve(tp, document)
	d, err := iam.Parse(resolved)
	if err != nil {
		t.Fatalf("parse %v: %v", resolved, err)
	}
	if left := w.names.unresolved(resolved); left != "" {
		t.Fatalf("%s has no value in %v", left, resolved)
	}
	return d
}

// decide says what becomes of a request by a session of the role that carries
// these tags, beside those that every role has for the bill. A key that is not in
// the templates, as a tenant's, is one whose policy leaves it to the account,
// wherever it is.
func (w *world) decide(roleID string, tags map[string]string, action, resource string, context map[string][]string) iam.Decision {
	r := w.roles[roleID]
	r.principal.Tags = map[string]string{}
	maps.Copy(r.principal.Tags, tags)
	for tag, value := range billTags {
		r.principal.Tags[tag] = value.(string)
	}
	p := iam.Policies{Identity: r.policies, Resource: w.resources[resource]}
	if strings.HasPrefix(resource, "arn:aws:kms:") && strings.Contains(resource, ":key/") {
		p.Key = true
		if p.Resource == nil {
			p.Resource = &w.ownKeys
		}
	}
	return iam.Evaluate(p, iam.Request{Principal: r.principal, Action: action, Resource: resource, Context: context})
}

// functionMay reports whether a function may make the call, by its own role or by the
// one that it assumes for the tenant t1.
func (w *world) functionMay(r *routes.Route, c call) bool {
	for _, role := range []string{"Role", "TenantRole"} {
		if _, exists := w.roles[logical(r.Name)+role]; exists && w.decide(logical(r.Name)+role, ofTenantOne, c.action, c.resource, c.context).Allowed {
			return true
		}
	}
	return false
}

// serviceMay reports whether the policy of the resource lets an AWS service make
// the request.
func (w *world) serviceMay(service, action, resource string, context map[string][]string) bool {
	return iam.Evaluate(iam.Policies{Resource: w.resources[resource]}, iam.Request{
		Principal: iam.Principal{Service: service}, Action: action, Resource: resource, Context: context,
	}).Allowed
}

// may lists the roles that may make the call.
func (w *world) may(c call) []string {
	var allowed []string
	for id := range w.roles {
		if w.decide(id, ofTenantOne, c.action, c.resource, c.context).Allowed {
			allowed = append(allowed, id)
		}
	}
	return sorted(allowed)
}

// nobodyMay fails for every role that may make the call.
func (w *world) nobodyMay(t *testing.T, why string, calls ...call) {
	t.Helper()
	for _, c := range calls {
		if allowed := w.may(c); len(allowed) > 0 {
			t.Errorf("%s: %v may %s on %s when %v", why, allowed, c.action, c.resource, c.context)
		}
	}
}

// roleIDs lists the logical ids of the roles.
func (w *world) roleIDs() []string { return slices.Sorted(maps.Keys(w.roles)) }
