package connectiontest

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/connection"
)

// usedBy pages through the connections of a template, of whichever tenant.
func usedBy(t *testing.T, s Stores) {
	other := sample("acme", 9)
	other.TemplateID = "tpl_2"
	store(t, s, sample("globex", 1), sample("acme", 2), sample("acme", 1), other)
	want := []connection.Ref{
		{Tenant: "acme", ID: sample("acme", 1).ID}, {Tenant: "acme", ID: sample("acme", 2).ID}, {Tenant: "globex", ID: sample("globex", 1).ID},
	}
	for limit := 1; limit <= 4; limit++ {
		var got []connection.Ref
		for start, pages := "", 0; ; pages++ {
			found, next, err := s.Templates.UsedBy(t.Context(), owner, "tpl_1", start, limit)
			if err != nil || len(found) > limit || pages > 3 {
				t.Fatalf("UsedBy: page %d of %d, %v", pages, len(found), err)
			}
			if got = append(got, found...); next == "" {
				break
			}
			start = next
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("by pages of %d (-want +got):\n%s", limit, diff)
		}
	}
	if found, next, err := s.Templates.UsedBy(t.Context(), owner, "tpl_9", "", 10); err != nil || len(found) > 0 || next != "" {
		t.Errorf("of an unused template: %v, %q, %v", found, next, err)
	}
}
