package e2e_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/tenonhq/tenon/shared/environ"
)

// restoredName is the table that a rehearsal restores.
const restoredName = "tenon-dev-restored"

// backup is the table at one moment.
type backup struct {
	at    time.Time
	table string
	items []map[string]types.AttributeValue
}

// backUp reads the whole table. What happens next happens a second later at least:
// the secret store tells times in whole seconds.
func (e *environment) backUp(t *testing.T) backup {
	t.Helper()
	b := backup{table: e.variable(t, environ.Table)}
	pages := dynamodb.NewScanPaginator(dynamodb.NewFromConfig(e.aws), &dynamodb.ScanInput{TableName: &b.table})
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		b.items = append(b.items, page.Items...)
	}
	wait(t, time.Second)
	b.at = time.Now().UTC()
	wait(t, time.Second)
	return b
}

// restore makes a table beside the other one as point-in-time recovery does: with
// the items and indexes, and without time to live.
func (e *environment) restore(t *testing.T, b backup) {
	t.Helper()
	db, name := dynamodb.NewFromConfig(e.aws), restoredName
	of, err := db.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: &b.table})
	if err != nil {
		t.Fatal(err)
	}
	in := &dynamodb.CreateTableInput{
		TableName: &name, BillingMode: types.BillingModePayPerRequest,
		KeySchema: of.Table.KeySchema, AttributeDefinitions: of.Table.AttributeDefinitions,
	}
	for _, x := range of.Table.GlobalSecondaryIndexes {
		in.GlobalSecondaryIndexes = append(in.GlobalSecondaryIndexes, types.GlobalSecondaryIndex{IndexName: x.IndexName, KeySchema: x.KeySchema, Projection: x.Projection})
	}
	if _, err := db.CreateTable(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	for _, item := range b.items {
		if _, err := db.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &name, Item: item}); err != nil {
			t.Fatal(err)
		}
	}
}

// follow runs the command that lets the records of the restored table follow the
// secret store, and returns what it says.
func (e *environment) follow(t *testing.T, b backup, flags ...string) string {
	t.Helper()
	run := exec.CommandContext(t.Context(), "go", append([]string{"run", "./infra/restored", "-table", restoredName, "-to", b.at.Format(time.RFC3339Nano)}, flags...)...)
	run.Dir = e.root
	run.Env = append(os.Environ(), "AWS_ENDPOINT_URL="+*e.aws.BaseEndpoint, "AWS_REGION="+e.aws.Region, "AWS_ACCESS_KEY_ID=local", "AWS_SECRET_ACCESS_KEY=local")
	said, err := run.CombinedOutput()
	if err != nil {
		t.Fatalf("follow: %v\n%s", err, said)
	}
	return string(said)
}

// restoredTemplates are those of stage dev with the restored table, as a deployment
// of it would make them.
func restoredTemplates(t *testing.T, e *environment) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(e.root, "cdk.json"))
	if err != nil {
		t.Fatal(err)
	}
	var settings map[string]any
	if err := json.Unmarshal(content, &settings); err != nil {
		t.Fatal(err)
	}
	dev := settings["context"].(map[string]any)["stages"].(map[string]any)["dev"].(map[string]any)
	dev["tableName"] = restoredName
	if content, err = json.Marshal(settings); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "cdk.json")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	synth := exec.CommandContext(t.Context(), "go", "run", "./infra/app", "-golden", "-context", file, "-out", filepath.Join(dir, "templates"))
	synth.Dir = e.root
	if said, err := synth.CombinedOutput(); err != nil {
		t.Fatalf("synthesize: %v\n%s", err, said)
	}
	return filepath.Join(dir, "templates")
}

// says fails unless the command found this of a connection.
func says(t *testing.T, said, finding string, a *actor, connectionID string) {
	t.Helper()
	if !strings.Contains(said, finding+"\t"+a.tenant+"\t"+connectionID+"\n") {
		t.Errorf("the command does not say that %s is %s:\n%s", connectionID, finding, said)
	}
}
