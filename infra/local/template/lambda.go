package template

import (
	"cmp"
	"time"
)

// function names a Lambda function; nothing is created, the gateway runs it.
func function(s *stack, id string, p properties) (physical, error) {
	name, err := p.text("FunctionName", "")
	if err != nil {
		return physical{}, err
	}
	if name == "" {
		tag, err := functionTag(p)
		if err != nil {
			return physical{}, err
		}
		name = s.name(cmp.Or(tag, id))
	}
	return physical{ref: name, attrs: map[string]string{"Arn": s.app.arn("lambda", "function:"+name)}}, nil
}

// functionTag reads the tag that carries the short name of a function.
func functionTag(p properties) (string, error) {
	v, err := p.get("Tags")
	if err != nil {
		return "", err
	}
	tags, err := into[[]struct{ Key, Value string }](v)
	if err != nil {
		return "", err
	}
	for _, tag := range tags {
		if tag.Key == "tenon:function" {
			return tag.Value, nil
		}
	}
	return "", nil
}

// function reads a function for the manifest. Its environment is resolved
// here, when every resource it may name exists.
func (s *stack) function(id string, p properties) (Function, error) {
	self, err := s.ensure(id)
	if err != nil {
		return Function{}, err
	}
	tag, err := functionTag(p)
	if err != nil {
		return Function{}, err
	}
	values, err := p.pick("Environment", "Role", "Timeout", "MemorySize", "DeadLetterConfig", "ReservedConcurrentExecutions")
	if err != nil {
		return Function{}, err
	}
	f := Function{
		Name:                cmp.Or(tag, s.app.shortName(self.ref)),
		LogicalID:           id,
		ARN:                 self.attrs["Arn"],
		RoleARN:             text(values["Role"]),
		Env:                 map[string]string{},
		Timeout:             time.Duration(number(values["Timeout"], 3)) * time.Second,
		MemoryMB:            number(values["MemorySize"], 128),
		ReservedConcurrency: number(values["ReservedConcurrentExecutions"], 0),
	}
	if c, ok := values["DeadLetterConfig"].(object); ok {
		f.DeadLetterQueueARN = text(c["TargetArn"])
	}
	environment, _ := values["Environment"].(object)
	variables, _ := environment["Variables"].(object)
	for name, v := range variables {
		f.Env[name] = text(v)
	}
	s.app.names[self.ref] = f.Name
	return f, nil
}

// api is an HTTP API; nothing is created, the gateway serves it.
func api(s *stack, id string, _ properties) (physical, error) {
	return physical{ref: id, attrs: map[string]string{"ApiId": id, "ApiEndpoint": s.app.opts.APIEndpoint}}, nil
}
