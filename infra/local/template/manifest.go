package template

import (
	"fmt"
	"slices"
	"strings"
)

// manifest reads what the gateway runs, when every resource exists.
func (a *application) manifest() (Manifest, error) {
	m := Manifest{Outputs: map[string]string{}}
	// Roles and functions come before what looks them up by their names.
	readers := []struct {
		kind string
		read func(*stack, *Manifest, string, properties) error
	}{
		{"AWS::IAM::Role", (*stack).readRole},
		{"AWS::IAM::Policy", (*stack).readRolePolicy},
		{"AWS::Lambda::Function", (*stack).readFunction},
		{"AWS::ApiGatewayV2::Api", (*stack).readAPI},
		{"AWS::ApiGatewayV2::Route", (*stack).readRoute},
		{"AWS::Lambda::EventSourceMapping", (*stack).readQueueSource},
		{"AWS::Scheduler::Schedule", (*stack).readSchedule},
	}
	for _, r := range readers {
		for _, s := range a.stacks {
			if err := s.each(r.kind, func(id string, p properties) error { return r.read(s, &m, id, p) }); err != nil {
				return Manifest{}, err
			}
		}
	}
	for _, s := range a.stacks {
		if err := s.readOutputs(m.Outputs); err != nil {
			return Manifest{}, err
		}
	}
	slices.SortFunc(m.Functions, func(x, y Function) int { return strings.Compare(x.Name, y.Name) })
	slices.SortFunc(m.Routes, func(x, y Route) int { return strings.Compare(x.Key, y.Key) })
	slices.SortFunc(m.Roles, func(x, y Role) int { return strings.Compare(x.ARN, y.ARN) })
	slices.Sort(a.skipped)
	m.Skipped = a.skipped
	return m, nil
}

// each calls f for the resources of a type that are present, in order.
func (s *stack) each(kind string, f func(id string, p properties) error) error {
	for _, id := range sortedKeys(s.Resources) {
		r := s.Resources[id]
		if r.Type != kind {
			continue
		}
		present, err := s.present(r.Condition)
		if err == nil && present {
			err = f(id, properties{stack: s, values: r.Properties})
		}
		if err != nil {
			return fmt.Errorf("%s %s: %w", kind, id, err)
		}
	}
	return nil
}

func (s *stack) readFunction(m *Manifest, id string, p properties) error {
	f, err := s.function(id, p)
	if err != nil {
		return err
	}
	m.Functions = append(m.Functions, f)
	return nil
}

func (s *stack) readAPI(m *Manifest, _ string, p properties) error {
	v, err := p.get("CorsConfiguration")
	if err != nil || v == nil {
		return err
	}
	c, ok := v.(object)
	if !ok {
		return fmt.Errorf("CorsConfiguration is not an object")
	}
	if text(c["AllowCredentials"]) == "true" {
		return fmt.Errorf("CorsConfiguration with credentials is not supported")
	}
	m.CORS = &CORS{
		Origins: texts(c["AllowOrigins"]), Methods: texts(c["AllowMethods"]), Headers: texts(c["AllowHeaders"]),
		ExposeHeaders: texts(c["ExposeHeaders"]), MaxAge: number(c["MaxAge"], 0),
	}
	return nil
}

func (s *stack) readRoute(m *Manifest, _ string, p properties) error {
	values, err := p.pick("RouteKey", "Target", "AuthorizationType", "AuthorizerId", "AuthorizationScopes")
	if err != nil {
		return err
	}
	r := Route{Key: text(values["RouteKey"]), Scopes: texts(values["AuthorizationScopes"])}
	r.Function, err = s.integration(strings.TrimPrefix(text(values["Target"]), "integrations/"))
	if err != nil {
		return err
	}
	switch kind := text(values["AuthorizationType"]); kind {
	case "JWT":
		r.Auth, err = s.app.authorizer(text(values["AuthorizerId"]))
	case "", "NONE":
	default:
		err = fmt.Errorf("authorization type %s is not supported", kind)
	}
	m.Routes = append(m.Routes, r)
	return err
}

// integration returns the function behind an integration of this stack. Its
// URI is the function's ARN, or the ARN of its invocation path.
func (s *stack) integration(id string) (string, error) {
	p := properties{stack: s, values: s.Resources[id].Properties}
	uri, err := p.text("IntegrationUri", "")
	if err != nil {
		return "", err
	}
	if _, inner, ok := strings.Cut(uri, "/functions/"); ok {
		uri = strings.TrimSuffix(inner, "/invocations")
	}
	if uri == "" {
		return "", fmt.Errorf("integration %s names no function", id)
	}
	return s.app.shortName(uri), nil
}

// authorizer finds the authorizer in the stack that has it: that of the API,
// which a route need not stand in.
func (a *application) authorizer(id string) (*JWT, error) {
	for _, s := range a.stacks {
		r, found := s.Resources[id]
		if !found || r.Type != "AWS::ApiGatewayV2::Authorizer" {
			continue
		}
		v, err := properties{stack: s, values: r.Properties}.get("JwtConfiguration")
		if err != nil {
			return nil, err
		}
		jwt, ok := v.(object)
		if !ok {
			return nil, fmt.Errorf("authorizer %s is not a JWT authorizer", id)
		}
		return &JWT{Issuer: text(jwt["Issuer"]), Audience: texts(jwt["Audience"])}, nil
	}
	return nil, fmt.Errorf("no template has the authorizer %s", id)
}

func (s *stack) readQueueSource(m *Manifest, id string, p properties) error {
	values, err := p.pick("EventSourceArn", "FunctionName", "BatchSize", "FunctionResponseTypes", "ScalingConfig", "Enabled")
	if err != nil {
		return err
	}
	arn := text(values["EventSourceArn"])
	if !strings.Contains(arn, ":sqs:") {
		s.app.skipped = append(s.app.skipped, "AWS::Lambda::EventSourceMapping "+id)
		return nil
	}
	if text(values["Enabled"]) == "false" {
		return nil
	}
	q := QueueSource{
		Function:                s.app.shortName(text(values["FunctionName"])),
		BatchSize:               number(values["BatchSize"], 10),
		ReportBatchItemFailures: slices.Contains(texts(values["FunctionResponseTypes"]), "ReportBatchItemFailures"),
	}
	if c, ok := values["ScalingConfig"].(object); ok {
		q.MaximumConcurrency = number(c["MaximumConcurrency"], 0)
	}
	q.QueueURL, err = s.app.queueByARN(arn)
	if err != nil {
		return err
	}
	m.Queues = append(m.Queues, q)
	return nil
}

func (s *stack) readSchedule(m *Manifest, id string, p properties) error {
	values, err := scheduleValues(s, id, p)
	if err != nil {
		return err
	}
	target, _ := values["Target"].(object)
	if !strings.Contains(text(target["Arn"]), ":lambda:") {
		return nil
	}
	out := Schedule{
		Name:       text(values["Name"]),
		Expression: text(values["ScheduleExpression"]),
		Function:   s.app.shortName(text(target["Arn"])),
		Input:      text(target["Input"]),
	}
	if c, ok := target["DeadLetterConfig"].(object); ok {
		out.DLQ = text(c["Arn"])
	}
	m.Schedules = append(m.Schedules, out)
	return nil
}

func (s *stack) readOutputs(into map[string]string) error {
	for _, id := range sortedKeys(s.Outputs) {
		o := s.Outputs[id]
		present, err := s.present(o.Condition)
		if err != nil {
			return fmt.Errorf("output %s: %w", id, err)
		}
		if !present {
			continue
		}
		v, err := s.eval(o.Value)
		if err != nil {
			return fmt.Errorf("output %s: %w", id, err)
		}
		into[id] = text(v)
	}
	return nil
}
