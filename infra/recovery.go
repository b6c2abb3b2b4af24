package infra

import (
	"fmt"
	"regexp"

	"github.com/aws/aws-cdk-go/awscdk/v2/awsdynamodb"
)

// tableForm is what DynamoDB takes as the name of a table.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
var tableForm = regexp.MustCompile(`^[a-zA-Z0-9_.-]{3,255}$`)

func tableProblems(name string) []error {
	if name == "" || tableForm.MatchString(name) {
		return nil
	}
	return []error{fmt.Errorf("tableName %q: DynamoDB does not allow such a name", name)}
}

// restoredTable is a table that exists already, in the place of the stack's own:
// whoever asks for the reference or the ARN gets its.
type restoredTable struct {
	awsdynamodb.CfnTable
	name, arn string
}

// Ref returns the name of the table.
func (t restoredTable) Ref() *string { return &t.name }

// AttrArn returns the ARN of the table.
func (t restoredTable) AttrArn() *string { return &t.arn }

// useRestored puts a restored table in the place of the stack's own, which stays
// declared and is not touched (ADR 0052). The exports of it stay too: CloudFormation
// refuses to remove what the stacks that are deployed next still import.
func (d *data) useRestored(p Props) {
	if p.TableName == "" {
		return
	}
	d.stack.ExportValue(d.table.Ref(), nil)
	d.stack.ExportValue(d.table.AttrArn(), nil)
	d.table = restoredTable{d.table, p.TableName, arn("dynamodb", "table/"+p.TableName)}
}
