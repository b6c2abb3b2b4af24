package expression

import (
	"slices"
	"strings"
)

// Update is a parsed UpdateExpression.
type Update struct {
	actions []action
}

// action is one element of a SET, REMOVE, ADD or DELETE clause.
type action struct {
	clause string
	path   path
	source source // nil for REMOVE.
}

// Update parses an UpdateExpression; "" changes nothing.
func (s *Scope) Update(text string) (*Update, error) {
	update := &Update{}
	if text == "" {
		return update, nil
	}
	p, err := s.parse("UpdateExpression", text)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for p.next < len(p.tokens) {
		clause := strings.ToUpper(p.peek())
		if !slices.Contains([]string{"SET", "REMOVE", "ADD", "DELETE"}, clause) {
			return nil, p.syntaxError()
		}
		if seen[clause] {
			return nil, errorf("Invalid UpdateExpression: The %q section can only be used once in an update expression;", clause)
		}
		seen[clause] = true
		p.next++
		err := p.list(func() error {
			next, err := p.action(clause)
			update.actions = append(update.actions, next)
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return update, checkOverlap("UpdateExpression", update.Touched())
}

// Targets returns the top-level attributes the update changes.
func (u *Update) Targets() []string {
	var names []string
	for _, a := range u.actions {
		names = append(names, a.path[0].name)
	}
	return names
}

// Touched selects the paths the update changes, for UPDATED_OLD and
// UPDATED_NEW. It is never nil, so an empty update selects nothing.
func (u *Update) Touched() Projection {
	paths := Projection{}
	for _, a := range u.actions {
		paths = append(paths, a.path)
	}
	return paths
}

func (p *parser) action(clause string) (action, error) {
	target, err := p.path()
	if err != nil {
		return action{}, err
	}
	a := action{clause: clause, path: target}
	switch clause {
	case "SET":
		if err := p.expect("="); err != nil {
			return action{}, err
		}
		a.source, err = p.sum()
	case "ADD", "DELETE":
		var value operand
		value, err = p.simple()
		a.source = reference{value}
	}
	return a, err
}

// sum reads the right side of SET: a source, or two joined by + or -.
func (p *parser) sum() (source, error) {
	left, err := p.source()
	if err != nil {
		return nil, err
	}
	operator := p.peek()
	if operator != "+" && operator != "-" {
		return left, nil
	}
	p.next++
	right, err := p.source()
	return arithmetic{operator: operator, left: left, right: right}, err
}

func (p *parser) source() (source, error) {
	name := p.peek()
	if p.ahead(1) != "(" || name != "if_not_exists" && name != "list_append" {
		value, err := p.simple()
		return reference{value}, err
	}
	p.next += 2
	first, err := p.source()
	if err != nil {
		return nil, err
	}
	if err := p.expect(","); err != nil {
		return nil, err
	}
	second, err := p.source()
	if err != nil {
		return nil, err
	}
	if err := p.expect(")"); err != nil {
		return nil, err
	}
	if name == "list_append" {
		return listAppend{first, second}, nil
	}
	subject, ok := first.(reference)
	if _, isPath := subject.operand.(path); !ok || !isPath {
		return nil, errorf("Invalid UpdateExpression: Operator or function requires a document path; operator or function: if_not_exists")
	}
	return ifNotExists{subject: subject.operand, fallback: second}, nil
}
