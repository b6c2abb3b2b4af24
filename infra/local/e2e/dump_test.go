package e2e_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// attribute is one value of a stored item.
type attribute struct {
	table, pk, sk, path string
	content             []byte
}

func (a attribute) String() string {
	return fmt.Sprintf("%s: %s / %s: %s", a.table, a.pk, a.sk, a.path)
}

// attributes returns every value in every table.
func (e *environment) attributes(t *testing.T) []attribute {
	t.Helper()
	db := dynamodb.NewFromConfig(e.aws)
	tables, err := db.ListTables(t.Context(), &dynamodb.ListTablesInput{})
	if err != nil {
		t.Fatal(err)
	}
	var all []attribute
	for _, table := range tables.TableNames {
		pages := dynamodb.NewScanPaginator(db, &dynamodb.ScanInput{TableName: &table})
		for pages.HasMorePages() {
			page, err := pages.NextPage(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, item := range page.Items {
				at := attribute{table: table, pk: keyText(item["pk"]), sk: keyText(item["sk"])}
				for _, name := range slices.Sorted(maps.Keys(item)) {
					all = flatten(all, at, name, item[name])
				}
			}
		}
	}
	return all
}

func keyText(v types.AttributeValue) string {
	s, _ := v.(*types.AttributeValueMemberS)
	if s == nil {
		return ""
	}
	return s.Value
}

// flatten adds the scalars of a value, and the names of a map's members.
func flatten(all []attribute, at attribute, path string, value types.AttributeValue) []attribute {
	add := func(content string) {
		at.path, at.content = path, []byte(content)
		all = append(all, at)
	}
	switch v := value.(type) {
	case *types.AttributeValueMemberS:
		add(v.Value)
	case *types.AttributeValueMemberN:
		add(v.Value)
	case *types.AttributeValueMemberB:
		add(string(v.Value))
	case *types.AttributeValueMemberSS:
		add(strings.Join(v.Value, "\n"))
	case *types.AttributeValueMemberNS:
		add(strings.Join(v.Value, "\n"))
	case *types.AttributeValueMemberBS:
		for i, b := range v.Value {
			all = flatten(all, at, fmt.Sprintf("%s[%d]", path, i), &types.AttributeValueMemberB{Value: b})
		}
	case *types.AttributeValueMemberL:
		for i, element := range v.Value {
			all = flatten(all, at, fmt.Sprintf("%s[%d]", path, i), element)
		}
	case *types.AttributeValueMemberM:
		for _, name := range slices.Sorted(maps.Keys(v.Value)) {
			all = flatten(all, at, path+"."+name, v.Value[name])
			add(name)
		}
	}
	return all
}

// recordsOf returns what is stored of a tenant: its partitions and every other
// item that names it.
func (e *environment) recordsOf(t *testing.T, tenant string) map[string]string {
	t.Helper()
	all := e.attributes(t)
	item := func(a attribute) string { return a.table + " " + a.pk + " " + a.sk }
	named := map[string]bool{}
	for _, a := range all {
		if strings.HasSuffix(a.pk, "#audit") && !strings.HasPrefix(a.pk, tenant+"#") {
			continue // Somebody else's attempt names the tenant.
		}
		if string(a.content) == tenant || strings.HasPrefix(a.pk, tenant+"#") || a.pk == tenant || strings.HasSuffix(a.pk, "#"+tenant) {
			named[item(a)] = true
		}
	}
	records := map[string]string{}
	for _, a := range all {
		if named[item(a)] {
			records[a.String()] = string(a.content)
		}
	}
	return records
}
