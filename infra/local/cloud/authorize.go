package cloud

import (
	"maps"

	"github.com/tenonhq/tenon/infra/local/iam"
)

// needPermissions registers what the operations need that functions use. What is
// not here is refused to roles, and for the account's root only.
func (c *Cloud) needPermissions() {
	c.dynamo.needPermissions()
	c.keys.needPermissions()
	c.secrets.needPermissions()
	c.queues.needPermissions()
	c.identities.needPermissions()
	c.needEventPermissions()
	c.needMailPermissions()
	c.needFunctionPermissions()
}

// with returns the union of condition keys; the last one wins.
func with(layers ...conditions) conditions {
	out := conditions{}
	for _, layer := range layers {
		maps.Copy(out, layer)
	}
	return out
}

// given is a condition key that is in the request only where it has a value.
func given(key, value string) conditions {
	if value == "" {
		return nil
	}
	return conditions{key: {value}}
}

// allows is a policy of a principal that may do whatever the action matches.
func allows(action string) iam.Document {
	document, _ := iam.Parse(map[string]any{"Version": "2012-10-17", "Statement": map[string]any{
		"Effect": "Allow", "Action": action, "Resource": "*",
	}})
	return document
}
