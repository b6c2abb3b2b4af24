package expression

// operand yields a value from an item, or nothing when the item lacks it.
type operand interface {
	value(Item) (Value, bool)
}

func (p path) value(item Item) (Value, bool) {
	return p.lookup(item)
}

// constant is the value behind a :placeholder.
type constant struct {
	content Value
}

func (c constant) value(Item) (Value, bool) {
	return c.content, true
}

// sizeOf is size(path): bytes of a string or binary, elements of a collection.
type sizeOf struct {
	of operand
}

func (s sizeOf) value(item Item) (Value, bool) {
	value, ok := s.of.value(item)
	if !ok {
		return Value{}, false
	}
	switch value.Kind {
	case "S", "B":
		return integer(len(value.Text)), true
	case "M":
		return integer(len(value.Map)), true
	case "L":
		return integer(len(value.List)), true
	case "SS", "NS", "BS":
		return integer(len(value.Set)), true
	}
	return Value{}, false
}
