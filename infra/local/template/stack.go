package template

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
)

type object = map[string]any

// stack is one template and what became of its resources.
type stack struct {
	Parameters map[string]struct{ Default any }
	Conditions map[string]any
	Resources  map[string]resource
	Outputs    map[string]output

	app  *application
	done map[string]physical
	open map[string]bool // being created; met again means a cycle
}

type resource struct {
	Type       string
	Condition  string
	Properties object
}

type output struct {
	Condition string
	Value     any
	Export    struct{ Name any }
}

// physical is a resource as Ref and Fn::GetAtt see it.
type physical struct {
	ref   string
	attrs map[string]string
}

// parse keeps numbers as written: 1209600 must not become 1.2096e+06.
func parse(text []byte) (*stack, error) {
	s := &stack{done: map[string]physical{}, open: map[string]bool{}}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(s); err != nil {
		return nil, fmt.Errorf("decode template: %w", err)
	}
	return s, nil
}

// ensure creates a resource once, after those it refers to.
func (s *stack) ensure(id string) (physical, error) {
	if p, ok := s.done[id]; ok {
		return p, nil
	}
	r, ok := s.Resources[id]
	if !ok {
		return physical{}, fmt.Errorf("resource %s does not exist", id)
	}
	if s.open[id] {
		return physical{}, fmt.Errorf("resource %s depends on itself", id)
	}
	s.open[id] = true
	defer delete(s.open, id)
	p, err := s.create(id, r)
	if err != nil {
		return physical{}, fmt.Errorf("%s %s: %w", r.Type, id, err)
	}
	s.done[id] = p
	return p, nil
}

func (s *stack) create(id string, r resource) (physical, error) {
	if present, err := s.present(r.Condition); err != nil || !present {
		return physical{}, err
	}
	handler := handlerOf(r.Type)
	if handler == nil {
		return s.placeholder(id, r.Type), nil
	}
	return handler(s, id, properties{stack: s, values: r.Properties})
}

func (s *stack) present(condition string) (bool, error) {
	if condition == "" {
		return true, nil
	}
	return s.condition(condition)
}

// placeholder stands for a resource without local effect.
func (s *stack) placeholder(id, kind string) physical {
	if !silent(kind) {
		s.app.skipped = append(s.app.skipped, kind+" "+id)
	}
	return physical{ref: s.name(id), attrs: map[string]string{"Arn": s.app.arn(service(kind), id)}}
}

// name is the physical name of a resource whose template gives none.
func (s *stack) name(id string) string { return s.app.opts.Prefix + id }

// service reads "logs" out of "AWS::Logs::LogGroup".
func service(kind string) string {
	parts := strings.Split(kind, "::")
	if len(parts) < 2 {
		return "local"
	}
	return strings.ToLower(parts[1])
}

// silent reports the types that are expected to have no local effect.
func silent(kind string) bool {
	switch kind {
	case "AWS::CDK::Metadata", "AWS::Lambda::Permission", "AWS::SQS::QueuePolicy", "AWS::Events::EventBusPolicy",
		"AWS::SecretsManager::ResourcePolicy", "AWS::ApiGatewayV2::Stage":
		return true
	}
	for _, prefix := range []string{"AWS::IAM::", "AWS::Logs::", "AWS::CloudWatch::"} {
		if strings.HasPrefix(kind, prefix) {
			return true
		}
	}
	return false
}
