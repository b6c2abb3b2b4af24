package audit_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/notify"
)

type (
	entryMap = map[string]audit.Entry
	sealMap  = map[int64]audit.Seal
)

// alterations change each field of an entry.
var alterations = map[string]func(*audit.Entry){
	"at":             func(e *audit.Entry) { e.At = e.At.Add(1) },
	"actor":          func(e *audit.Entry) { e.Actor = "acme/bob" },
	"no actor":       func(e *audit.Entry) { e.Actor = "" },
	"action":         func(e *audit.Entry) { e.Action = audit.ConnectionRead },
	"resource":       func(e *audit.Entry) { e.Resource = "con_99" },
	"outcome":        func(e *audit.Entry) { e.Outcome = "denied" },
	"reason":         func(e *audit.Entry) { e.Reason += " " },
	"request":        func(e *audit.Entry) { e.RequestID = "req-2" },
	"source":         func(e *audit.Entry) { e.SourceIP = "192.0.2.2" },
	"a fact":         func(e *audit.Entry) { e.Facts["run"] = "8" },
	"a fact's name":  func(e *audit.Entry) { delete(e.Facts, "run"); e.Facts["ran"] = "7" },
	"a fact removed": func(e *audit.Entry) { delete(e.Facts, "run") },
	"a fact added":   func(e *audit.Entry) { e.Facts["x"] = "" },
	"facts divided":  func(e *audit.Entry) { e.Facts = map[string]string{"lease": "lea_1", "ru": "n7"} },
	"facts joined":   func(e *audit.Entry) { e.Facts = map[string]string{"lease": "lea_1run7"} },
	"fields moved":   func(e *audit.Entry) { e.Outcome, e.Reason = "allowedsync", "" },
}

func TestAUD02TamperedEntryIsNamed(t *testing.T) {
	t.Parallel()
	type tampering struct {
		do   func(ids []string, entries entryMap)
		want func(ids []string) audit.Break
	}
	cases := map[string]tampering{
		"deleted": {func(ids []string, e entryMap) { delete(e, ids[5]) },
			func(ids []string) audit.Break { return audit.Break{Seq: 2, Entry: ids[5], What: "missing"} }},
		"the last of a seal deleted": {func(ids []string, e entryMap) { delete(e, ids[7]) },
			func(ids []string) audit.Break { return audit.Break{Seq: 2, Entry: ids[7], What: "missing"} }},
		"all of a seal deleted": {func(ids []string, e entryMap) {
			delete(e, ids[4])
			delete(e, ids[5])
			delete(e, ids[6])
			delete(e, ids[7])
		},
			func(ids []string) audit.Break { return audit.Break{Seq: 2, Entry: ids[4], What: "missing"} }},
		"added inside": {func(ids []string, e entryMap) { e[ids[5]+"x"] = e[ids[5]] },
			func(ids []string) audit.Break { return audit.Break{Seq: 2, Entry: ids[5] + "x", What: "added"} }},
		"added behind the last": {func(ids []string, e entryMap) { e[ids[7]+"x"] = e[ids[7]] },
			func(ids []string) audit.Break { return audit.Break{Seq: 2, Entry: ids[7] + "x", What: "added"} }},
		"added before all": {func(ids []string, e entryMap) { e["aud_0"] = e[ids[0]] },
			func([]string) audit.Break { return audit.Break{Seq: 1, Entry: "aud_0", What: "added"} }},
		"two swapped": {func(ids []string, e entryMap) { e[ids[5]], e[ids[6]] = e[ids[6]], e[ids[5]] },
			func(ids []string) audit.Break { return audit.Break{Seq: 2, Entry: ids[5], What: "altered"} }},
	}
	for name, alter := range alterations {
		cases[name] = tampering{
			func(ids []string, entries entryMap) { e := entries[ids[6]]; alter(&e); entries[ids[6]] = e },
			func(ids []string) audit.Break { return audit.Break{Seq: 2, Entry: ids[6], What: "altered"} },
		}
	}
	for name, test := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := sealed(t)
			var ids []string
			for _, e := range a.entries("acme") {
				ids = append(ids, e.ID)
			}
			a.store.Tamper("acme", func(entries entryMap, _ sealMap) { test.do(ids, entries) })
			a.wantBreaks(test.want(ids))
		})
	}
}

// wantBreaks fails unless verification on request finds exactly these breaks in
// acme's chain, the weekly one tells of them, and globex's is sound.
func (a *archive) wantBreaks(want ...audit.Break) {
	a.t.Helper()
	if diff := cmp.Diff(want, a.integrity(a.t.Context(), "acme").Breaks); diff != "" {
		a.t.Errorf("breaks (-want +got):\n%s", diff)
	}
	if breaks := a.integrity(a.t.Context(), "globex").Breaks; len(breaks) > 0 {
		a.t.Errorf("another tenant's chain: got %v, want it sound", breaks)
	}
	a.after(8 * 24 * time.Hour)
	told := slices.DeleteFunc(a.bus.Events(), func(e notify.Event) bool { return e.Tenant != "acme" })
	for i, e := range told {
		if i >= len(want) {
			a.t.Errorf("told of %+v besides", e)
			continue
		}
		if e.Type != notify.AuditBroken || e.Detail["what"] != want[i].What || e.Detail["entry"] != want[i].Entry {
			a.t.Errorf("told of %+v, want %v", e, want[i])
		}
	}
	if len(told) < len(want) {
		a.t.Errorf("told %d events, want %v", len(told), want)
	}
}

func TestAUD02TamperedSealIsNamed(t *testing.T) {
	t.Parallel()
	second := func(change func(*audit.Seal)) func(sealMap, sealMap) {
		return func(seals, _ sealMap) { s := seals[2]; change(&s); seals[2] = s }
	}
	at := func(all ...int64) (want []audit.Break) {
		for _, seq := range all {
			want = append(want, audit.Break{Seq: seq, What: "seal"})
		}
		return want
	}
	for name, test := range map[string]struct {
		do   func(seals, globex sealMap)
		want []audit.Break
	}{
		"from":         {second(func(s *audit.Seal) { s.From = "aud_0" }), at(2)},
		"to":           {second(func(s *audit.Seal) { s.To += "x" }), at(2, 3)},
		"first":        {second(func(s *audit.Seal) { s.First += "x" }), at(2)},
		"last":         {second(func(s *audit.Seal) { s.Last += "x" }), at(2)},
		"count":        {second(func(s *audit.Seal) { s.Count-- }), at(2)},
		"time":         {second(func(s *audit.Seal) { s.At = s.At.Add(1) }), at(2)},
		"a leaf":       {second(func(s *audit.Seal) { s.Leaves[len(s.Leaves)-1]++ }), at(2)},
		"no leaves":    {second(func(s *audit.Seal) { s.Leaves = nil }), at(2)},
		"cut leaves":   {second(func(s *audit.Seal) { s.Leaves = s.Leaves[:7] }), at(2)},
		"long leaf":    {second(func(s *audit.Seal) { s.Leaves[0] = 255 }), at(2)},
		"entries":      {second(func(s *audit.Seal) { s.Entries = "0" + s.Entries[1:] + "0" }), at(2)},
		"prev":         {second(func(s *audit.Seal) { s.Prev = "" }), at(2)},
		"hash":         {second(func(s *audit.Seal) { s.Hash = s.Prev }), at(2, 3)},
		"removed":      {func(s, _ sealMap) { delete(s, 2) }, at(2)},
		"last removed": {func(s, _ sealMap) { delete(s, 3) }, at(3)},
		"all removed":  {func(s, _ sealMap) { clear(s) }, at(1, 2, 3)},
		"two swapped":  {func(s, _ sealMap) { s[1], s[2] = s[2], s[1] }, at(1, 2, 3)},
		"of another tenant": {func(s, globex sealMap) {
			for seq := range s {
				s[seq] = globex[seq]
			}
		}, at(1, 2, 3)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := sealed(t)
			globex := sealMap{}
			for _, s := range a.seals("globex") {
				globex[s.Seq] = s
			}
			a.store.Tamper("acme", func(_ entryMap, seals sealMap) { test.do(seals, globex) })
			a.wantBreaks(test.want...)
		})
	}
}

// A chain pasted with its entries from another tenant is not this tenant's.
func TestAUD02WholeAuditOfAnotherTenantPasted(t *testing.T) {
	t.Parallel()
	a := sealed(t)
	entries, seals := a.entries("globex"), a.seals("globex")
	a.store.Tamper("acme", func(into entryMap, chain sealMap) {
		clear(into)
		for _, e := range entries {
			into[e.ID] = e
		}
		for _, s := range seals {
			chain[s.Seq] = s
		}
	})
	a.wantBreaks(audit.Break{Seq: 1, What: "seal"}, audit.Break{Seq: 2, What: "seal"}, audit.Break{Seq: 3, What: "seal"})
}

// Whoever rewrites the last seal and everything in it, but not the head, is
// found; the next seal is not linked to it unseen.
func TestAUD02BreakOfTheLastSealIsToldWhenTheNextIsMade(t *testing.T) {
	t.Parallel()
	a := sealed(t)
	last := a.entries("acme")[11]
	a.store.Tamper("acme", func(entries entryMap, _ sealMap) { delete(entries, last.ID) })
	a.append("acme", 1)
	a.after(time.Hour)
	told := a.bus.Events()
	if len(told) != 1 || told[0].Type != notify.AuditBroken || told[0].Detail["entry"] != last.ID || told[0].Detail["seq"] != "3" {
		t.Fatalf("told %+v, want that entry %s is missing", told, last.ID)
	}
	if h := a.head("acme"); h.Seq != 4 {
		t.Errorf("got head %d, want sealing to go on", h.Seq)
	}
}

// Whoever rewrites the whole audit consistently is found while the head, or an
// event that carried its hash, is out of reach.
func TestAUD02ForgedAuditIsNotWhatTheHeadSays(t *testing.T) {
	t.Parallel()
	a, forged := sealed(t), newArchive(t)
	forged.now = forged.now.Add(time.Second)
	for range 3 {
		forged.append("acme", 4)
		forged.after(time.Hour)
	}
	a.store.Tamper("acme", func(entries entryMap, seals sealMap) {
		clear(entries)
		for _, e := range forged.entries("acme") {
			entries[e.ID] = e
		}
		for _, s := range forged.seals("acme") {
			seals[s.Seq] = s
		}
	})
	a.wantBreaks(audit.Break{Seq: 3, What: "seal"})
}
