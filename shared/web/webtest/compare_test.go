package webtest

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A comparison that accepts too much would make every test of a function pass.
func TestCompareFindsWhatIsLacking(t *testing.T) {
	t.Parallel()
	const got = `{"id":"con_1","n":1,"list":[{"a":1,"b":2}],"none":null}`
	for _, test := range []struct {
		want string
		out  []string
	}{
		{`{}`, nil},
		{`{"id":"con_1","list":[{"b":2}],"none":null}`, nil},
		{`{"id":"con_2"}`, []string{"/id: got con_1, want con_2"}},
		{`{"n":"1"}`, []string{"/n: got 1, want 1"}},
		{`{"other":null}`, []string{"/other is absent"}},
		{`{"list":[]}`, []string{"/list: got [map[a:1 b:2]], want []"}},
		{`{"list":[{"a":2}]}`, []string{"/list/0/a: got 1, want 2"}},
		{`{"id":{"a":1}}`, []string{"/id: got con_1, want map[a:1]"}},
		{`[]`, []string{": got map[id:con_1 list:[map[a:1 b:2]] n:1 none:<nil>], want []"}},
	} {
		if diff := cmp.Diff(test.out, compare(t, got, test.want)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", test.want, diff)
		}
	}
	if out := compare(t, "garbage", `{}`); len(out) != 1 {
		t.Errorf("got %v for what is not JSON", out)
	}
}
