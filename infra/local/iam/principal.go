package iam

import (
	"fmt"
	"slices"
	"strings"
)

// principals is the Principal element of a statement.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
type principals struct {
	everyone bool
	accounts []string
	arns     []string
	services []string
}

// grade is how closely a statement names the principal, from not at all.
type grade int

const (
	unnamed   grade = iota
	byAccount       // It names the account, which leaves it to the policies of the principal.
	byName          // It names the role, the service or everybody.
	bySession       // It names this session of the role, which session policies do not limit.
)

func parsePrincipals(element any) (*principals, error) {
	if element == "*" {
		return &principals{everyone: true}, nil
	}
	kinds, ok := element.(map[string]any)
	if !ok || len(kinds) == 0 {
		return nil, fmt.Errorf("the principal is %v", element)
	}
	p := &principals{}
	for kind, values := range kinds {
		listed, err := list(values)
		if err != nil {
			return nil, fmt.Errorf("principal %s: %w", kind, err)
		}
		switch kind {
		case "AWS":
			err = p.addAWS(listed)
		case "Service":
			p.services = listed
		default:
			err = fmt.Errorf("principal %s is not known", kind)
		}
		if err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (p *principals) addAWS(values []string) error {
	for _, v := range values {
		parts := strings.SplitN(v, ":", 6)
		switch {
		case v == "*":
			p.everyone = true
		case isAccount(v):
			p.accounts = append(p.accounts, v)
		case len(parts) != 6 || !isAccount(parts[4]) || parts[2] != "iam" && parts[2] != "sts" || strings.ContainsAny(v, "*?"):
			return fmt.Errorf("principal %q is neither an account nor a principal's ARN", v)
		case parts[5] == "root":
			p.accounts = append(p.accounts, parts[4])
		default:
			p.arns = append(p.arns, v)
		}
	}
	return nil
}

func isAccount(v string) bool { return len(v) == 12 && strings.Trim(v, "0123456789") == "" }

// names returns how closely the element names the principal.
func (p *principals) names(who Principal) grade {
	if who.Service != "" {
		if p.everyone || slices.Contains(p.services, who.Service) {
			return byName
		}
		return unnamed
	}
	inAccount := slices.Contains(p.accounts, who.Account)
	switch {
	case who.Session != "" && slices.Contains(p.arns, who.Session):
		return bySession
	case p.everyone || slices.Contains(p.arns, who.ARN) || inAccount && who.root():
		return byName
	case inAccount:
		return byAccount
	}
	return unnamed
}
