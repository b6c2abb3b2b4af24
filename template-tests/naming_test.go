package templatetests_test

import (
	"fmt"
	"regexp"
	"strings"
)

// Where the stage of the templates is deployed.
const (
	accountID = "123456789012"
	region    = "eu-west-1"
)

// naming gives the resources of the templates the ARNs that they might have.
type naming struct {
	arns     map[string]string // By logical id.
	replacer *strings.Replacer // Of references as template.text renders them.
}

func newNaming(templates ...*template) *naming {
	n := &naming{arns: map[string]string{}}
	pairs := []string{
		"${AWS::Partition}", "aws", "${AWS::Region}", region, "${AWS::AccountId}", accountID, "${AWS::URLSuffix}", "amazonaws.com",
	}
	for _, tp := range templates {
		for id, r := range tp.Resources {
			n.arns[id] = arnOf(id, r)
			pairs = append(pairs, "${"+id+".Arn}", n.arns[id], "${"+id+"}", "tenon-dev-"+id)
		}
	}
	n.replacer = strings.NewReplacer(pairs...)
	return n
}

// arnOf is an ARN as its service makes them. All that belongs to the stage has
// "dev" in it.
func arnOf(id string, r resource) string {
	name := "tenon-dev-" + id
	service := strings.ToLower(strings.Split(r.Type, "::")[1])
	local := func(resource string) string {
		return fmt.Sprintf("arn:aws:%s:%s:%s:%s", service, region, accountID, resource)
	}
	switch r.Type {
	case "AWS::DynamoDB::Table":
		return local("table/" + name)
	case "AWS::KMS::Key":
		return local("key/" + name)
	case "AWS::Events::EventBus":
		return local("event-bus/" + name)
	case "AWS::Events::Rule":
		return local("rule/" + name)
	case "AWS::Lambda::Function":
		return local(fmt.Sprintf("function:%v", r.Properties["FunctionName"]))
	case "AWS::Logs::LogGroup":
		return local(fmt.Sprintf("log-group:%v:*", r.Properties["LogGroupName"]))
	case "AWS::IAM::Role":
		path, _ := r.Properties["Path"].(string)
		return fmt.Sprintf("arn:aws:iam::%s:role/%s%s", accountID, strings.TrimPrefix(path, "/"), name)
	}
	return local(name)
}

// arn is the ARN of a resource by its logical id.
func (n *naming) arn(id string) string {
	arn, ok := n.arns[id]
	if !ok {
		panic("no resource " + id)
	}
	return arn
}

// resolve returns the value without intrinsic functions.
func (n *naming) resolve(tp *template, v any) any {
	switch x := v.(type) {
	case []any:
		resolved := make([]any, 0, len(x))
		for _, each := range x {
			resolved = append(resolved, n.resolve(tp, each))
		}
		return resolved
	case object:
		resolved := object{}
		for key, each := range x {
			if key == "Ref" || strings.HasPrefix(key, "Fn::") {
				return n.replacer.Replace(tp.text(x))
			}
			resolved[key] = n.resolve(tp, each)
		}
		return resolved
	}
	return v
}

// reference is one that resolve has left; the variables of policies begin with
// small letters.
var reference = regexp.MustCompile(`\$\{[A-Z][^}]*\}|map\[`)

// unresolved returns a reference that is left in a value, empty for none.
func (n *naming) unresolved(v any) string {
	var left string
	walk(v, "", func(_, value string) {
		if found := reference.FindString(value); found != "" {
			left = found
		}
	})
	return left
}
