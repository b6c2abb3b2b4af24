package expression

import (
	"slices"
	"strings"
)

// Condition is a parsed condition, filter or key condition expression.
type Condition struct {
	root predicate
}

// Condition parses text; kind names the request member for error messages.
func (s *Scope) Condition(kind, text string) (*Condition, error) {
	p, err := s.parse(kind, text)
	if err != nil {
		return nil, err
	}
	root, err := p.or()
	if err != nil {
		return nil, err
	}
	return &Condition{root: root}, p.end()
}

// Eval reports whether the item, which may be nil for "no such item",
// satisfies the condition.
func (c *Condition) Eval(item Item) bool {
	return c.root.eval(item)
}

// Mentions returns the first of the names that the condition refers to at the
// top level, or "".
func (c *Condition) Mentions(names ...string) string {
	found := ""
	c.root.visit(func(o operand) {
		if s, ok := o.(sizeOf); ok {
			o = s.of
		}
		if p, ok := o.(path); ok && found == "" && slices.Contains(names, p[0].name) {
			found = p[0].name
		}
	})
	return found
}

func (p *parser) or() (predicate, error) {
	left, err := p.and()
	for err == nil && p.accept("OR") {
		var right predicate
		right, err = p.and()
		left = disjunction{left, right}
	}
	return left, err
}

func (p *parser) and() (predicate, error) {
	left, err := p.not()
	for err == nil && p.accept("AND") {
		var right predicate
		right, err = p.not()
		left = conjunction{left, right}
	}
	return left, err
}

func (p *parser) not() (predicate, error) {
	if p.accept("NOT") {
		inner, err := p.not()
		return negation{inner}, err
	}
	if p.accept("(") {
		inner, err := p.or()
		if err != nil {
			return nil, err
		}
		return inner, p.expect(")")
	}
	if p.ahead(1) == "(" && p.peek() != "size" {
		return p.call()
	}
	return p.comparison()
}

// functions maps a predicate's name to its evaluation over two arguments.
var functions = map[string]func(a, b Value) bool{
	"attribute_type": func(a, b Value) bool { return a.Kind == b.Text },
	"begins_with":    beginsWith,
	"contains":       contains,
}

func (p *parser) call() (predicate, error) {
	name := p.peek()
	p.next += 2
	exists := name == "attribute_exists"
	if exists || name == "attribute_not_exists" {
		of, err := p.path()
		if err != nil {
			return nil, err
		}
		return existence{of: of, want: exists}, p.expect(")")
	}
	test := functions[name]
	if test == nil {
		return nil, errorf("Invalid %s: Invalid function name; function: %s", p.kind, name)
	}
	subject, err := p.operand()
	if err != nil {
		return nil, err
	}
	if err := p.expect(","); err != nil {
		return nil, err
	}
	argument, err := p.operand()
	if err != nil {
		return nil, err
	}
	return function{name: name, subject: subject, argument: argument, test: test}, p.expect(")")
}

// operand reads a path, a value or size(path).
func (p *parser) operand() (operand, error) {
	if p.peek() != "size" || p.ahead(1) != "(" {
		return p.simple()
	}
	p.next += 2
	of, err := p.simple()
	if err != nil {
		return nil, err
	}
	return sizeOf{of}, p.expect(")")
}

func (p *parser) comparison() (predicate, error) {
	left, err := p.operand()
	if err != nil {
		return nil, err
	}
	operator := strings.ToUpper(p.peek())
	switch operator {
	case "=", "<>", "<", "<=", ">", ">=":
		p.next++
		right, err := p.operand()
		return comparison{operator: operator, left: left, right: right}, err
	case "BETWEEN":
		p.next++
		return p.between(left)
	case "IN":
		p.next++
		return p.in(left)
	}
	return nil, p.syntaxError()
}

func (p *parser) between(subject operand) (predicate, error) {
	low, err := p.operand()
	if err != nil {
		return nil, err
	}
	if err := p.expect("AND"); err != nil {
		return nil, err
	}
	high, err := p.operand()
	return between{subject: subject, low: low, high: high}, err
}

func (p *parser) in(subject operand) (predicate, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	set := membership{subject: subject}
	err := p.list(func() error {
		choice, err := p.operand()
		set.choices = append(set.choices, choice)
		return err
	})
	if err != nil {
		return nil, err
	}
	return set, p.expect(")")
}
