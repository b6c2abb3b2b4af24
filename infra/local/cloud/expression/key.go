package expression

// KeyTerm is one comparison of a key attribute with constants.
type KeyTerm struct {
	Attribute string
	Equality  bool  // Whether the operator is "=".
	Value     Value // The first constant compared with.
	Condition *Condition
}

// KeyTerms splits a key condition into its comparisons. It rejects what a key
// condition may not contain: OR, NOT, <>, IN, functions other than
// begins_with, nested paths and operands that are not constants.
func (c *Condition) KeyTerms() ([]KeyTerm, error) {
	var terms []KeyTerm
	for _, node := range flatten(c.root, nil) {
		term, ok := keyTerm(node)
		if !ok {
			return nil, errorf("Invalid operator used in KeyConditionExpression")
		}
		terms = append(terms, term)
	}
	return terms, nil
}

func flatten(node predicate, terms []predicate) []predicate {
	if c, ok := node.(conjunction); ok {
		return flatten(c.right, flatten(c.left, terms))
	}
	return append(terms, node)
}

func keyTerm(node predicate) (KeyTerm, bool) {
	var operands []operand
	term := KeyTerm{Condition: &Condition{root: node}}
	switch n := node.(type) {
	case comparison:
		if n.operator == "<>" {
			return term, false
		}
		term.Equality = n.operator == "="
	case between:
	case function:
		if n.name != "begins_with" {
			return term, false
		}
	default:
		return term, false
	}
	node.visit(func(o operand) { operands = append(operands, o) })
	attribute, ok := operands[0].(path)
	if !ok || len(attribute) != 1 {
		return term, false
	}
	for _, o := range operands[1:] {
		if _, ok := o.(constant); !ok {
			return term, false
		}
	}
	term.Attribute = attribute[0].name
	term.Value = operands[1].(constant).content
	return term, true
}
