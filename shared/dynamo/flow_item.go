package dynamo

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/expression"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/flow"
)

// flowItem is a flow as it is stored.
type flowItem struct {
	key
	Version   int64             `dynamodbav:"v"`
	Name      string            `dynamodbav:"name,omitempty"`
	Kind      flow.Kind         `dynamodbav:"kind,omitempty"`
	State     flow.State        `dynamodbav:"state,omitempty"`
	Bindings  []flowBindingItem `dynamodbav:"slots,omitempty"`
	Revision  int               `dynamodbav:"revision,omitempty"`
	CreatedAt time.Time         `dynamodbav:"createdAt,omitempty"`
	CreatedBy string            `dynamodbav:"createdBy,omitempty"`
	UpdatedAt time.Time         `dynamodbav:"updatedAt,omitempty"`
}

type flowBindingItem struct {
	Slot         string    `dynamodbav:"slot"`
	Connector    string    `dynamodbav:"connector,omitempty"`
	Template     string    `dynamodbav:"template,omitempty"`
	Environments []string  `dynamodbav:"environments,omitempty"`
	Scopes       []string  `dynamodbav:"scopes,omitempty"`
	Owner        string    `dynamodbav:"owner,omitempty"`
	ConnectionID string    `dynamodbav:"connectionId,omitempty"`
	BoundAt      time.Time `dynamodbav:"boundAt,omitempty"`
	BoundBy      string    `dynamodbav:"boundBy,omitempty"`
}

func newFlowItem(f flow.Flow) flowItem {
	item := flowItem{
		key: flowKey(f.Tenant, f.ID), Version: f.Version, Name: f.Name, Kind: f.Kind, State: f.State,
		Revision: f.Revision, CreatedAt: f.CreatedAt, CreatedBy: f.CreatedBy, UpdatedAt: f.UpdatedAt,
	}
	for _, b := range f.Bindings {
		item.Bindings = append(item.Bindings, flowBindingItem(b))
	}
	return item
}

func (item flowItem) record() flow.Flow {
	tenant, _, _ := strings.Cut(item.PK, "#")
	f := flow.Flow{
		Tenant: tenant, ID: item.SK, Version: item.Version, Name: item.Name, Kind: item.Kind, State: item.State,
		Revision: item.Revision, CreatedAt: item.CreatedAt, CreatedBy: item.CreatedBy, UpdatedAt: item.UpdatedAt,
	}
	for _, b := range item.Bindings {
		f.Bindings = append(f.Bindings, flow.Binding(b))
	}
	return f
}

// condition holds while nobody has written the flow since it was read.
func (item flowItem) condition() expression.ConditionBuilder {
	if item.Version == 0 {
		return absent()
	}
	return unchanged(item.Version)
}

// bindingItem stands for the use of a connection by a binding, in a partition of
// the connection.
type bindingItem struct {
	key
	Active bool     `dynamodbav:"active,omitempty"`
	Scopes []string `dynamodbav:"scopes,omitempty"`
}

func bindingKey(ref connection.Ref, u connection.Use) key {
	return key{PK: ref.Tenant + "#connection-use#" + ref.ID, SK: u.Tenant + "/" + u.Flow + "/" + u.Slot}
}

func newBindingItem(ref connection.Ref, u connection.Use) bindingItem {
	return bindingItem{key: bindingKey(ref, u), Active: u.Active, Scopes: u.Scopes}
}

func (item bindingItem) record() connection.Use {
	tenant, rest, _ := strings.Cut(item.SK, "/")
	id, slot, _ := strings.Cut(rest, "/")
	return connection.Use{Tenant: tenant, Flow: id, Slot: slot, Active: item.Active, Scopes: item.Scopes}
}
