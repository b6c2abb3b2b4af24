package template

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Role is an AWS::IAM::Role with every policy that the templates give it.
type Role struct {
	ARN      string
	Trust    any      // The policy document of who may assume it, as encoding/json has it.
	Policies []Policy // Its own, then those of AWS::IAM::Policy, by name.
	Tags     map[string]string
}

// Policy is a policy document with its name.
type Policy struct {
	Name     string
	Document any // As encoding/json has it.
}

// role names a role; nothing is created, the manifest has it.
func role(s *stack, id string, p properties) (physical, error) {
	name, err := p.text("RoleName", "")
	if err != nil {
		return physical{}, err
	}
	path, err := p.text("Path", "/")
	if err != nil {
		return physical{}, err
	}
	arn := "arn:aws:iam::" + s.app.opts.Account + ":role" + path + cmp.Or(name, id)
	return physical{ref: cmp.Or(name, s.name(id)), attrs: map[string]string{"Arn": arn, "RoleId": "AROA" + strings.ToUpper(id)}}, nil
}

// readRole reads a role for the manifest, when everything exists that its
// policies may name.
func (s *stack) readRole(m *Manifest, id string, p properties) error {
	self, err := s.ensure(id)
	if err != nil {
		return err
	}
	values, err := p.pick("AssumeRolePolicyDocument", "Policies", "Tags")
	if err != nil {
		return err
	}
	r := Role{ARN: self.attrs["Arn"], Trust: values["AssumeRolePolicyDocument"], Tags: map[string]string{}}
	own, _ := values["Policies"].([]any)
	for _, v := range own {
		policy, _ := v.(object)
		r.Policies = append(r.Policies, Policy{text(policy["PolicyName"]), policy["PolicyDocument"]})
	}
	tags, err := into[[]struct{ Key, Value string }](values["Tags"])
	if err != nil {
		return err
	}
	for _, tag := range tags {
		r.Tags[tag.Key] = tag.Value
	}
	if slices.ContainsFunc(m.Roles, func(other Role) bool { return other.ARN == r.ARN }) {
		return fmt.Errorf("two templates have a role %s", r.ARN)
	}
	s.app.roles[self.ref] = r.ARN
	m.Roles = append(m.Roles, r)
	return nil
}

// readRolePolicy adds an AWS::IAM::Policy to the roles that it names.
func (s *stack) readRolePolicy(m *Manifest, _ string, p properties) error {
	values, err := p.pick("PolicyName", "PolicyDocument", "Roles")
	if err != nil {
		return err
	}
	for _, name := range texts(values["Roles"]) {
		i := slices.IndexFunc(m.Roles, func(r Role) bool { return r.ARN == s.app.roles[name] })
		if i < 0 {
			return fmt.Errorf("no template has the role %s", name)
		}
		m.Roles[i].Policies = append(m.Roles[i].Policies, Policy{text(values["PolicyName"]), values["PolicyDocument"]})
	}
	return nil
}
