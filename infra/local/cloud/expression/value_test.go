package expression_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tenonhq/tenon/infra/local/cloud/expression"
)

func TestNumbersAreCanonical(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "+7": "7", "007": "7", "1.50": "1.5", ".5": "0.5", "5.": "5", "1e3": "1000", "12E-4": "0.0012",
		"-1.5e-3": "-0.0015", "1e125": "1" + strings.Repeat("0", 125), "1e-130": "0." + strings.Repeat("0", 129) + "1",
		strings.Repeat("9", 38): strings.Repeat("9", 38), "0.00e9": "0",
	} {
		var value expression.Value
		if err := json.Unmarshal([]byte(`{"N":"`+text+`"}`), &value); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if value.Text != want {
			t.Errorf("%s: got %s, want %s", text, value.Text, want)
		}
	}
}

func TestInvalidValues(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"N":""}`, `{"N":"x"}`, `{"N":"1/2"}`, `{"N":"0x1"}`, `{"N":"1_0"}`, `{"N":"Inf"}`, `{"N":"1e126"}`, `{"N":"1e-131"}`, `{"N":"1e9999"}`,
		`{"N":"` + strings.Repeat("9", 39) + `"}`, `{"N":1}`, `{}`, `null`, `{"S":"a","N":"1"}`, `{"Q":"a"}`, `{"SS":[]}`, `{"SS":["a","a"]}`,
		`{"NS":["1","1.0"]}`, `{"NS":["a"]}`, `{"BS":["!"]}`, `{"B":"!"}`, `{"M":null}`, `{"L":null}`, `{"L":[null]}`, `{"M":{"a":{}}}`, `"a"`, `[]`,
	} {
		var value expression.Value
		if err := json.Unmarshal([]byte(text), &value); err == nil {
			t.Errorf("%s: got no error", text)
		}
	}
}

func TestValuesSurviveJSON(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{"S":"<é&>"}`, `{"S":""}`, `{"N":"-1.5"}`, `{"B":"AP8="}`, `{"BOOL":false}`, `{"NULL":true}`, `{"M":{}}`, `{"L":[]}`,
		`{"SS":["a","b"]}`, `{"NS":["1","2"]}`, `{"BS":["AA==","/w=="]}`, `{"M":{"a":{"L":[{"M":{"b":{"N":"1"}}}]}}}`,
	} {
		var value expression.Value
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		encoded, err := json.Marshal(value)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		var again expression.Value
		if err := json.Unmarshal(encoded, &again); err != nil || !expression.Equal(value, again) {
			t.Errorf("%s: got %s, %v", text, encoded, err)
		}
	}
}

func TestSize(t *testing.T) {
	t.Parallel()
	item := expression.Item{}
	if err := json.Unmarshal([]byte(`{"ab":{"S":"cde"},"m":{"M":{"x":{"S":"y"}}},"l":{"L":[{"BOOL":true}]},"s":{"SS":["a","bc"]}}`), &item); err != nil {
		t.Fatal(err)
	}
	if got, want := item.Size(), 2+3+1+(3+1+1+1)+1+(3+1+1)+1+3; got != want {
		t.Errorf("got %d bytes, want %d", got, want)
	}
}
