package iam

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// A statement allows or denies the actions on the resources that it lists or,
// by NotAction and NotResource, all others.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
type statement struct {
	sid          string
	deny         bool
	actions      []text
	notActions   bool
	resources    []text // None in a trust policy, which is about its own role.
	notResources bool
	principals   *principals // Nil in the policy of a principal.
	conditions   []condition
}

func parseStatement(v any, variables bool) (statement, error) {
	o, err := elements(v, "Sid", "Effect", "Principal", "Action", "NotAction", "Resource", "NotResource", "Condition")
	if err != nil {
		return statement{}, err
	}
	s := statement{deny: o["Effect"] == "Deny"}
	if !s.deny && o["Effect"] != "Allow" {
		return s, fmt.Errorf("the effect is %v", o["Effect"])
	}
	if sid, given := o["Sid"]; given {
		var ok bool
		if s.sid, ok = sid.(string); !ok {
			return s, fmt.Errorf("the Sid is %T", sid)
		}
	}
	if err := s.addActions(o); err != nil {
		return s, err
	}
	if err := s.addResources(o, variables); err != nil {
		return s, err
	}
	if element, given := o["Principal"]; given {
		if s.principals, err = parsePrincipals(element); err != nil {
			return s, err
		}
	} else if len(s.resources) == 0 {
		return s, errors.New("neither Resource nor Principal")
	}
	if element, given := o["Condition"]; given {
		s.conditions, err = parseConditions(element, variables)
	}
	return s, err
}

// either returns the values of one of two elements, and whether it is the second.
func either(o map[string]any, name, not string) (values []string, negated bool, err error) {
	element, given := o[name]
	other, negated := o[not]
	switch {
	case given && negated:
		return nil, false, fmt.Errorf("both %s and %s", name, not)
	case negated:
		element = other
	case !given:
		return nil, false, nil
	}
	values, err = list(element)
	if err != nil {
		err = fmt.Errorf("%s: %w", name, err)
	}
	return values, negated, err
}

func (s *statement) addActions(o map[string]any) error {
	values, not, err := either(o, "Action", "NotAction")
	if err != nil {
		return err
	}
	if len(values) == 0 {
		return errors.New("no Action")
	}
	s.notActions = not
	for _, v := range values {
		service, operation, found := strings.Cut(v, ":")
		if v != "*" && (!found || service == "" || operation == "") {
			return fmt.Errorf("the action %q is not service:operation", v)
		}
		t, err := parseText(strings.ToLower(v), wild, false)
		if err != nil {
			return err
		}
		s.actions = append(s.actions, t)
	}
	return nil
}

func (s *statement) addResources(o map[string]any, variables bool) error {
	values, not, err := either(o, "Resource", "NotResource")
	if err != nil {
		return err
	}
	s.notResources = not
	for _, v := range values {
		if v != "*" && !strings.HasPrefix(v, "arn:") {
			return fmt.Errorf("the resource %q is neither * nor an ARN", v)
		}
		t, err := parseText(v, resourceID, variables)
		if err != nil {
			return err
		}
		s.resources = append(s.resources, t)
	}
	return nil
}

// applies reports whether the statement is about the request, whoever asks.
func (s *statement) applies(r Request, k keys) (bool, error) {
	action := strings.ToLower(r.Action)
	if slices.ContainsFunc(s.actions, func(t text) bool { return t.matches(k, action) }) == s.notActions {
		return false, nil
	}
	listed := slices.ContainsFunc(s.resources, func(t text) bool { return t.matches(k, r.Resource) })
	if len(s.resources) > 0 && listed == s.notResources {
		return false, nil
	}
	return s.met(k)
}

// met reports whether the request meets all the conditions. One that is not met
// decides even where another cannot be told.
func (s *statement) met(k keys) (bool, error) {
	var unclear error
	for _, c := range s.conditions {
		holds, err := c.holds(k)
		switch {
		case err != nil:
			unclear = err
		case !holds:
			return false, nil
		}
	}
	return unclear == nil, unclear
}
