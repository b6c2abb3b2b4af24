package expression

import (
	"slices"
	"strconv"
	"strings"
)

// maxLength is the longest expression DynamoDB accepts, in bytes.
const maxLength = 4096

// parser walks the tokens of one expression.
type parser struct {
	scope  *Scope
	kind   string // The request member, for messages: "ConditionExpression".
	tokens []string
	next   int
}

func (s *Scope) parse(kind, text string) (*parser, error) {
	if len(text) > maxLength {
		return nil, errorf("Invalid %s: Expression size has exceeded the maximum allowed size;", kind)
	}
	tokens, err := tokenize(kind, text)
	if err != nil {
		return nil, err
	}
	if len(tokens) == 0 {
		return nil, errorf("Invalid %s: The expression can not be empty;", kind)
	}
	return &parser{scope: s, kind: kind, tokens: tokens}, nil
}

func tokenize(kind, text string) ([]string, error) {
	var tokens []string
	for i := 0; i < len(text); {
		length := 1
		switch {
		case strings.IndexByte(" \t\r\n", text[i]) >= 0:
			i++
			continue
		case isWord(text[i]):
			for i+length < len(text) && isWord(text[i+length]) {
				length++
			}
		case slices.Contains([]string{"<>", "<=", ">="}, text[i:min(i+2, len(text))]):
			length = 2
		case strings.IndexByte("()[],.=<>+-", text[i]) < 0:
			return nil, errorf("Invalid %s: Syntax error; token: %q", kind, text[i:i+1])
		}
		tokens = append(tokens, text[i:i+length])
		i += length
	}
	return tokens, nil
}

func isWord(c byte) bool {
	return c == '_' || c == '#' || c == ':' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// peek returns the next token, or "" at the end.
func (p *parser) peek() string {
	return p.ahead(0)
}

func (p *parser) ahead(n int) string {
	if p.next+n < len(p.tokens) {
		return p.tokens[p.next+n]
	}
	return ""
}

// accept consumes the token, ignoring case, if it is next.
func (p *parser) accept(token string) bool {
	if !strings.EqualFold(p.peek(), token) {
		return false
	}
	p.next++
	return true
}

func (p *parser) expect(token string) error {
	if !p.accept(token) {
		return p.syntaxError()
	}
	return nil
}

func (p *parser) end() error {
	if p.next < len(p.tokens) {
		return p.syntaxError()
	}
	return nil
}

func (p *parser) syntaxError() error {
	near := p.tokens[max(0, p.next-2):min(len(p.tokens), p.next+2)]
	return errorf("Invalid %s: Syntax error; token: %q, near: %q", p.kind, p.peek(), strings.Join(near, " "))
}

// path reads a document path such as a.#b[2].
func (p *parser) path() (path, error) {
	var steps path
	for {
		name, err := p.attribute()
		if err != nil {
			return nil, err
		}
		steps = append(steps, step{name: name})
		for p.accept("[") {
			index, err := strconv.Atoi(p.peek())
			if err != nil {
				return nil, p.syntaxError()
			}
			p.next++
			if err := p.expect("]"); err != nil {
				return nil, err
			}
			steps = append(steps, step{index: index, isIndex: true})
		}
		if !p.accept(".") {
			return steps, nil
		}
	}
}

func (p *parser) attribute() (string, error) {
	token := p.peek()
	switch {
	case strings.HasPrefix(token, "#"):
		p.next++
		return p.scope.name(p.kind, token)
	case token == "" || !isWord(token[0]) || strings.IndexByte(":0123456789", token[0]) >= 0:
		return "", p.syntaxError()
	case reserved[strings.ToUpper(token)]:
		return "", errorf("Invalid %s: Attribute name is a reserved keyword; reserved keyword: %s", p.kind, token)
	}
	p.next++
	return token, nil
}

// list reads items separated by commas.
func (p *parser) list(item func() error) error {
	for {
		if err := item(); err != nil {
			return err
		}
		if !p.accept(",") {
			return nil
		}
	}
}

// simple reads a document path or a value placeholder.
func (p *parser) simple() (operand, error) {
	token := p.peek()
	if strings.HasPrefix(token, ":") {
		p.next++
		value, err := p.scope.value(p.kind, token)
		return constant{value}, err
	}
	if p.ahead(1) == "(" && isWord(token[0]) {
		return nil, errorf("Invalid %s: Invalid function name; function: %s", p.kind, token)
	}
	return p.path()
}
