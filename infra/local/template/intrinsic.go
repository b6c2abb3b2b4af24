package template

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// absent is the value of AWS::NoValue: the property is left out.
type absent struct{}

// eval resolves the intrinsic functions in a value.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
func (s *stack) eval(v any) (any, error) {
	switch v := v.(type) {
	case []any:
		return s.evalList(v)
	case object:
		if len(v) == 1 {
			for name, argument := range v {
				if name == "Ref" || strings.HasPrefix(name, "Fn::") {
					return s.call(name, argument)
				}
			}
		}
		out := object{}
		for k, e := range v {
			x, err := s.eval(e)
			if err != nil {
				return nil, err
			}
			if _, none := x.(absent); !none {
				out[k] = x
			}
		}
		return out, nil
	}
	return v, nil
}

func (s *stack) evalList(list []any) ([]any, error) {
	out := make([]any, 0, len(list))
	for _, e := range list {
		x, err := s.eval(e)
		if err != nil {
			return nil, err
		}
		if _, none := x.(absent); !none {
			out = append(out, x)
		}
	}
	return out, nil
}

// call runs one intrinsic function.
func (s *stack) call(name string, argument any) (any, error) {
	var out any
	var err error
	list, _ := argument.([]any)
	switch {
	case name == "Ref":
		out, err = s.ref(text(argument))
	case name == "Fn::GetAtt" && len(list) == 2:
		out, err = s.attribute(text(list[0]), text(list[1]))
	case name == "Fn::GetAtt":
		id, attribute, _ := strings.Cut(text(argument), ".")
		out, err = s.attribute(id, attribute)
	case name == "Fn::Join" && len(list) == 2:
		out, err = s.join(text(list[0]), list[1])
	case name == "Fn::Sub":
		out, err = s.sub(argument)
	case name == "Fn::Select" && len(list) == 2:
		out, err = s.pick(text(list[0]), list[1])
	case name == "Fn::Split" && len(list) == 2:
		out, err = s.split(text(list[0]), list[1])
	case name == "Fn::If" && len(list) == 3:
		out, err = s.choose(text(list[0]), list[1], list[2])
	case name == "Fn::ImportValue":
		out, err = s.imported(argument)
	default:
		return nil, fmt.Errorf("%s is not supported", name)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return out, nil
}

// ref resolves a pseudo parameter, a parameter or a resource.
func (s *stack) ref(name string) (any, error) {
	switch name {
	case "AWS::Region":
		return s.app.region, nil
	case "AWS::AccountId":
		return s.app.opts.Account, nil
	case "AWS::Partition":
		return "aws", nil
	case "AWS::URLSuffix":
		return "amazonaws.com", nil
	case "AWS::StackName", "AWS::StackId":
		return "local", nil
	case "AWS::NoValue":
		return absent{}, nil
	}
	if p, ok := s.Parameters[name]; ok {
		if v, ok := s.app.opts.Parameters[name]; ok {
			return v, nil
		}
		return text(p.Default), nil
	}
	p, err := s.ensure(name)
	return p.ref, err
}

func (s *stack) attribute(id, name string) (any, error) {
	p, err := s.ensure(id)
	if err != nil {
		return nil, err
	}
	if v, ok := p.attrs[name]; ok {
		return v, nil
	}
	return "local:" + id + ":" + name, nil
}

func (s *stack) join(separator string, argument any) (any, error) {
	v, err := s.eval(argument)
	if err != nil {
		return nil, err
	}
	list, ok := v.([]any)
	if !ok {
		return nil, fmt.Errorf("want a list")
	}
	parts := make([]string, 0, len(list))
	for _, e := range list {
		parts = append(parts, text(e))
	}
	return strings.Join(parts, separator), nil
}

var substitution = regexp.MustCompile(`\$\{(!?[^}]*)\}`)

// sub resolves "${Name}", "${Resource.Attribute}" and the names of its own map.
func (s *stack) sub(argument any) (any, error) {
	own := object{}
	if list, ok := argument.([]any); ok && len(list) == 2 {
		argument = list[0]
		own, _ = list[1].(object)
	}
	var failure error
	out := substitution.ReplaceAllStringFunc(text(argument), func(match string) string {
		name := match[2 : len(match)-1]
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			return "${" + literal + "}"
		}
		value, err := s.subName(name, own)
		if err != nil && failure == nil {
			failure = err
		}
		return text(value)
	})
	return out, failure
}

func (s *stack) subName(name string, own object) (any, error) {
	if v, ok := own[name]; ok {
		return s.eval(v)
	}
	if id, attribute, ok := strings.Cut(name, "."); ok {
		return s.attribute(id, attribute)
	}
	return s.ref(name)
}

func (s *stack) pick(index string, argument any) (any, error) {
	v, err := s.eval(argument)
	if err != nil {
		return nil, err
	}
	list, _ := v.([]any)
	i, err := strconv.Atoi(index)
	if err != nil || i < 0 || i >= len(list) {
		return nil, fmt.Errorf("no element %s in a list of %d", index, len(list))
	}
	return list[i], nil
}

func (s *stack) split(separator string, argument any) (any, error) {
	v, err := s.eval(argument)
	if err != nil {
		return nil, err
	}
	var out []any
	for part := range strings.SplitSeq(text(v), separator) {
		out = append(out, part)
	}
	return out, nil
}

func (s *stack) choose(condition string, yes, no any) (any, error) {
	ok, err := s.condition(condition)
	if err != nil {
		return nil, err
	}
	if ok {
		return s.eval(yes)
	}
	return s.eval(no)
}

// imported finds the stack that exports a name and resolves its value there.
func (s *stack) imported(argument any) (any, error) {
	v, err := s.eval(argument)
	if err != nil {
		return nil, err
	}
	name := text(v)
	if v, ok := s.app.exports[name]; ok {
		return v, nil
	}
	for _, other := range s.app.stacks {
		for _, id := range sortedKeys(other.Outputs) {
			o := other.Outputs[id]
			if o.Export.Name == nil {
				continue
			}
			exported, err := other.eval(o.Export.Name)
			if err != nil || text(exported) != name {
				continue
			}
			value, err := other.eval(o.Value)
			if err != nil {
				return nil, fmt.Errorf("export %s: %w", name, err)
			}
			s.app.exports[name] = text(value)
			return text(value), nil
		}
	}
	return nil, fmt.Errorf("no template exports %s", name)
}

// text renders a scalar as CloudFormation does in strings; anything else as JSON.
func text(v any) string {
	switch v := v.(type) {
	case nil, absent:
		return ""
	case string:
		return v
	case json.Number:
		return v.String()
	case bool:
		return strconv.FormatBool(v)
	}
	b, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(b)
}
