package flow_test

import (
	"strings"
	"testing"

	"github.com/tenonhq/tenon/shared/auth"
	"github.com/tenonhq/tenon/shared/flow"
)

// Neither the number of pages nor a cursor tells of connections that the
// organization has and does not share.
func TestISO01CandidatesTellNothingOfWhatIsNotShared(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, id := range many("con_inner", 120) {
		w.connect(auth.Organization, id)
	}
	for _, id := range []string{"con_inner-a", "con_z-1", "con_z-2"} {
		w.connect(auth.Organization, id, offer)
	}
	for _, id := range many("con_zz", 7) {
		w.connect(auth.Organization, id)
	}
	w.put(ann, "orders", flow.Paused, one(""))
	for limit, pages := range map[int]int{1: 4, 2: 2, 3: 1, 10: 1} {
		got := 0
		for start, page := "", 1; ; page++ {
			found, next, err := w.Candidates(t.Context(), ann, "orders", "step", start, limit)
			if err != nil || len(found) > limit {
				t.Fatalf("limit %d: %d found, %v", limit, len(found), err)
			}
			got += len(found)
			for _, c := range found {
				if !c.Shared {
					t.Errorf("limit %d: %+v", limit, c)
				}
			}
			if next == "" {
				if page > pages {
					t.Errorf("limit %d: %d pages", limit, page)
				}
				break
			}
			if id := strings.TrimPrefix(next, "org/"); id != "" && id != found[len(found)-1].Connection.ID {
				t.Fatalf("limit %d: the cursor names %s", limit, next)
			}
			start = next
		}
		if got != 3 {
			t.Errorf("limit %d: %d found", limit, got)
		}
	}
}
