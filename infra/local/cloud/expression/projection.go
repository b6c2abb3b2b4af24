package expression

// Projection selects parts of an item; nil selects the whole item.
type Projection []path

// Projection parses a ProjectionExpression; "" selects the whole item.
func (s *Scope) Projection(text string) (Projection, error) {
	if text == "" {
		return nil, nil
	}
	p, err := s.parse("ProjectionExpression", text)
	if err != nil {
		return nil, err
	}
	var paths []path
	err = p.list(func() error {
		next, err := p.path()
		paths = append(paths, next)
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := p.end(); err != nil {
		return nil, err
	}
	return paths, checkOverlap("ProjectionExpression", paths)
}

// Apply returns the selected parts. Selected list elements close up in order.
func (p Projection) Apply(item Item) Item {
	if p == nil {
		return item
	}
	root := Value{Kind: "M", Map: map[string]Value{}}
	for _, next := range p {
		if value, ok := next.lookup(item); ok {
			root = graft(root, next, value)
		}
	}
	return root.Map
}

// graft places value at the path below parent, which only graft has built.
func graft(parent Value, p path, value Value) Value {
	if len(p) == 0 {
		return value
	}
	first := p[0]
	if first.isIndex {
		parent.Kind = "L"
		parent.List = append(parent.List, graft(Value{}, p[1:], value))
		return parent
	}
	if parent.Map == nil {
		parent = Value{Kind: "M", Map: map[string]Value{}}
	}
	parent.Map[first.name] = graft(parent.Map[first.name], p[1:], value)
	return parent
}
