package expression_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/infra/local/cloud/expression"
)

const sampleItem = `{
	"pk": {"S": "a"}, "n": {"N": "10"}, "name": {"S": "tenon"}, "bin": {"B": "AAE="}, "yes": {"BOOL": true}, "nil": {"NULL": true},
	"tags": {"SS": ["x", "y"]}, "nums": {"NS": ["1", "2.50"]}, "list": {"L": [{"S": "p"}, {"N": "2"}, {"L": [{"S": "deep"}]}]},
	"meta": {"M": {"a": {"S": "v"}, "b": {"M": {"c": {"N": "3"}}}}}
}`

const sampleValues = `{
	":n": {"N": "1e1"}, ":two": {"N": "2"}, ":twelve": {"N": "12"}, ":half": {"N": "2.5"}, ":s": {"S": "tenon"}, ":te": {"S": "te"}, ":x": {"S": "x"}, ":p": {"S": "p"},
	":xs": {"SS": ["x", "z"]}, ":list": {"L": [{"S": "q"}]}, ":v": {"S": "v"}, ":SS": {"S": "SS"}, ":true": {"BOOL": true}, ":empty": {"L": []}, ":one": {"N": "1"}
}`

func parseItem(t *testing.T, text string) expression.Item {
	t.Helper()
	var item expression.Item
	if err := json.Unmarshal([]byte(text), &item); err != nil {
		t.Fatal(err)
	}
	return item
}

// scopeOf returns a scope with the sample values that the expression uses.
func scopeOf(t *testing.T, text string) *expression.Scope {
	t.Helper()
	used := map[string]expression.Value{}
	for name, value := range parseItem(t, sampleValues) {
		if strings.Contains(text+" ", name) {
			used[name] = value
		}
	}
	return expression.NewScope(map[string]string{"#name": "name", "#list": "list", "#dotted": "meta.a"}, used)
}

func TestCondition(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"n = :n":                                  true,
		"n <> :n":                                 false,
		"n < :twelve":                             true,
		"n > :twelve":                             false,
		"n <= :n AND n >= :n":                     true,
		"n = :s":                                  false,
		"n < :s":                                  false,
		"nope = :n":                               false,
		"nope <> :n":                              true,
		"NOT nope = :n":                           true,
		"n BETWEEN :two AND :twelve":              true,
		"n BETWEEN :twelve AND :two":              false,
		"n IN (:two, :n)":                         true,
		"n IN (:two, nope)":                       false,
		"nope IN (:two)":                          false,
		"attribute_exists(meta.b.c)":              true,
		"attribute_exists(meta.b.d)":              false,
		"attribute_not_exists(#list[3])":          true,
		"attribute_exists(#list[2][0])":           true,
		"attribute_exists(#dotted)":               false,
		"attribute_type(tags, :SS)":               true,
		"begins_with(#name, :te)":                 true,
		"begins_with(n, :te)":                     false,
		"contains(#name, :te)":                    true,
		"contains(tags, :x)":                      true,
		"contains(nums, :half)":                   true,
		"contains(#list, :p)":                     true,
		"contains(#list, :x)":                     false,
		"size(#name) > :two":                      true,
		"size(tags) = :two":                       true,
		"size(bin) = :two":                        true,
		"size(n) > :two":                          false,
		"size(nope) < :two":                       false,
		"yes = :true":                             true,
		"meta.a = :v":                             true,
		"n = :n OR nope = :n AND nope = :s":       true,
		"(n = :n OR nope = :n) AND nope = :s":     false,
		"NOT n = :n OR n = :n":                    true,
		"n = :n and not (n = :two or nope = :n) ": true,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			condition, err := scopeOf(t, text).Condition("ConditionExpression", text)
			if err != nil {
				t.Fatal(err)
			}
			if got := condition.Eval(parseItem(t, sampleItem)); got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestConditionErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                "can not be empty",
		"n":                               "Syntax error",
		"n =":                             "Syntax error",
		"n = :n AND":                      "Syntax error",
		"n = :n n":                        "Syntax error",
		"(n = :n":                         "Syntax error",
		"n ~ :n":                          "Syntax error",
		"n = :undefined":                  "not defined; attribute value: :undefined",
		"#undefined = :n":                 "not defined; attribute name: #undefined",
		"status = :n":                     "reserved keyword: status",
		"meta.Status = :n":                "reserved keyword: Status",
		"if_not_exists(n, :n) = :n":       "Invalid function name",
		"nope(n) = :n":                    "Invalid function name",
		"begins_with(n)":                  "Syntax error",
		"list[x] = :n":                    "reserved keyword: list",
		"nums[-1] = :n":                   "Syntax error",
		"n IN ()":                         "Syntax error",
		"n BETWEEN :n":                    "Syntax error",
		strings.Repeat("(", 5000) + "n":   "Expression size",
		strings.Repeat("NOT ", 900) + "n": "Syntax error",
	} {
		t.Run(text[:min(len(text), 40)], func(t *testing.T) {
			t.Parallel()
			_, err := scopeOf(t, text).Condition("ConditionExpression", text)
			var mistake *expression.Error
			if !errors.As(err, &mistake) || !strings.Contains(mistake.Message, want) {
				t.Errorf("got error %v, want one with %q", err, want)
			}
		})
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"SET n = n + :two":                                    `{"n": {"N": "12"}}`,
		"SET n = :one - :half":                                `{"n": {"N": "-1.5"}}`,
		"SET fresh = if_not_exists(fresh, :one) + :one":       `{"fresh": {"N": "2"}}`,
		"SET n = if_not_exists(n, :one)":                      `{}`,
		"SET #list = list_append(#list, :list)":               `{"list": {"L": [{"S": "p"}, {"N": "2"}, {"L": [{"S": "deep"}]}, {"S": "q"}]}}`,
		"SET fresh = list_append(:list, :empty)":              `{"fresh": {"L": [{"S": "q"}]}}`,
		"SET #list[0] = :x, #list[9] = :v":                    `{"list": {"L": [{"S": "x"}, {"N": "2"}, {"L": [{"S": "deep"}]}, {"S": "v"}]}}`,
		"SET #list[2][0] = :x":                                `{"list": {"L": [{"S": "p"}, {"N": "2"}, {"L": [{"S": "x"}]}]}}`,
		"SET meta.b.c = :x REMOVE meta.a":                     `{"meta": {"M": {"b": {"M": {"c": {"S": "x"}}}}}}`,
		"REMOVE #list[0], #list[1]":                           `{"list": {"L": [{"L": [{"S": "deep"}]}]}}`,
		"REMOVE #list[7], nope":                               `{}`,
		"ADD n :two, fresh :two":                              `{"n": {"N": "12"}, "fresh": {"N": "2"}}`,
		"ADD tags :xs":                                        `{"tags": {"SS": ["x", "y", "z"]}}`,
		"DELETE tags :xs":                                     `{"tags": {"SS": ["y"]}}`,
		"DELETE nope :xs":                                     `{}`,
		"set pk2 = pk, n = n + n remove yes add meta.b.c :n ": `{"pk2": {"S": "a"}, "n": {"N": "20"}, "yes": null, "meta": {"M": {"a": {"S": "v"}, "b": {"M": {"c": {"N": "13"}}}}}}`,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			update, err := scopeOf(t, text).Update(text)
			if err != nil {
				t.Fatal(err)
			}
			old := parseItem(t, sampleItem)
			got, err := update.Apply(old)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(changed(t, sampleItem, want), asJSON(t, got)); diff != "" {
				t.Errorf("item differs (-want +got):\n%s", diff)
			}
			if !old.Equal(parseItem(t, sampleItem)) {
				t.Error("Apply changed the old item")
			}
		})
	}
}

// changed is an item with some attributes replaced, or removed by null.
func changed(t *testing.T, item, changes string) any {
	t.Helper()
	attributes, replaced := map[string]any{}, map[string]any{}
	for text, target := range map[string]*map[string]any{item: &attributes, changes: &replaced} {
		if err := json.Unmarshal([]byte(text), target); err != nil {
			t.Fatal(err)
		}
	}
	for name, value := range replaced {
		attributes[name] = value
		if value == nil {
			delete(attributes, name)
		}
	}
	encoded, err := json.Marshal(attributes)
	if err != nil {
		t.Fatal(err)
	}
	return asJSON(t, parseItem(t, string(encoded)))
}

func asJSON(t *testing.T, item expression.Item) any {
	t.Helper()
	encoded, err := json.Marshal(item)
	if err != nil {
		t.Fatal(err)
	}
	var decoded any
	if err := json.Unmarshal(encoded, &decoded); err != nil {
		t.Fatal(err)
	}
	return decoded
}

func TestUpdateErrors(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"SET":                              "Syntax error",
		"SET n":                            "Syntax error",
		"SET n = :n SET fresh = :n":        "can only be used once",
		"MOVE n :n":                        "Syntax error",
		"SET meta = :n, meta.a = :n":       "overlap",
		"SET n = size(tags)":               "Invalid function name",
		"SET n = if_not_exists(:n, :one)":  "requires a document path",
		"SET n = nope + :one":              "does not exist in the item",
		"SET n = pk + :one":                "incorrect data type",
		"SET n = list_append(pk, :list)":   "incorrect data type",
		"SET nope.a = :one":                "document path",
		"SET pk[0] = :one":                 "document path",
		"ADD pk :one":                      "incorrect data type",
		"ADD n :s":                         "incorrect data type",
		"ADD fresh :s":                     "incorrect data type",
		"DELETE tags :x":                   "incorrect data type",
		"DELETE nums :xs":                  "incorrect data type",
		"SET n = n + :one + :one":          "Syntax error",
		"REMOVE nope.a":                    "document path",
		"SET fresh = if_not_exists(a, :n":  "Syntax error",
		"SET n = n + huge":                 "does not exist in the item",
		"SET a1 = :n, a1 = :one, a2 = :n ": "overlap",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			update, err := scopeOf(t, text).Update(text)
			if err == nil {
				_, err = update.Apply(parseItem(t, sampleItem))
			}
			var mistake *expression.Error
			if !errors.As(err, &mistake) || !strings.Contains(mistake.Message, want) {
				t.Errorf("got error %v, want one with %q", err, want)
			}
		})
	}
}

func TestProjection(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"n, nope":                   `{"n": {"N": "10"}}`,
		"meta.b.c, #name":           `{"meta": {"M": {"b": {"M": {"c": {"N": "3"}}}}}, "name": {"S": "tenon"}}`,
		"#list[2], #list[0]":        `{"list": {"L": [{"L": [{"S": "deep"}]}, {"S": "p"}]}}`,
		"meta.a, meta.b, #list[99]": `{"meta": {"M": {"a": {"S": "v"}, "b": {"M": {"c": {"N": "3"}}}}}}`,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			projection, err := scopeOf(t, "").Projection(text)
			if err != nil {
				t.Fatal(err)
			}
			got := projection.Apply(parseItem(t, sampleItem))
			if diff := cmp.Diff(asJSON(t, parseItem(t, want)), asJSON(t, got)); diff != "" {
				t.Errorf("parts differ (-want +got):\n%s", diff)
			}
		})
	}
	for _, text := range []string{"a,", ",", "a b", "meta, meta.a", ":n"} {
		if _, err := scopeOf(t, "").Projection(text); err == nil {
			t.Errorf("%q: got no error", text)
		}
	}
}

func TestUnused(t *testing.T) {
	t.Parallel()
	scope := expression.NewScope(map[string]string{"#a": "a", "#b": "b"}, nil)
	if _, err := scope.Projection("#a"); err != nil {
		t.Fatal(err)
	}
	if err := scope.Unused(); err == nil || !strings.Contains(err.Error(), "#b") {
		t.Errorf("got error %v, want one that names #b", err)
	}
}
