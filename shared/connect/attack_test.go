package connect_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/tenonhq/tenon/shared/audit"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// untouched checks that no code was redeemed and nothing is connected.
func (w *world) untouched(c connection.Connection) {
	w.t.Helper()
	if n := len(w.provider.asked("token")); n > 0 {
		w.t.Errorf("%d token requests were sent", n)
	}
	if got := w.status(c.ID); got != "pending/handoff_open" {
		w.t.Errorf("status %s", got)
	}
	if names := w.secretsOf("acme"); len(names) > 0 {
		w.t.Errorf("secrets %v", names)
	}
}

// OAF-03: an answer without the state does nothing, and uses nothing up.
func TestCompleteWantsTheState(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.demo("oauth2_authorization_code")
	c := w.pending(made)
	j := w.travel(connect.Ask{ConnectionID: c.ID})
	other := w.travel(connect.Ask{ConnectionID: w.pending(made).ID})
	random := strings.TrimPrefix(j.state, j.id)
	for name, states := range map[string][]string{
		"missing": nil, "empty": {""}, "unknown": {"hof_01JD0000000000000000000000." + strings.Repeat("A", 43)},
		"no handoff": {random}, "no random part": {j.id}, "an empty random part": {j.id + "."}, "a dot": {"."},
		"truncated": {j.state[:len(j.state)-1]}, "longer": {j.state + "A"}, "10 kB": {j.state + strings.Repeat("A", 10<<10)},
		"another case": {strings.ToLower(j.state)}, "twice": {j.state, j.state}, "two": {j.state, other.state},
		"the random part of another handoff": {j.id + strings.TrimPrefix(other.state, other.id)},
		"another handoff's random part":      {other.id + random}, "NUL": {j.state + "\x00"},
	} {
		a := j.answer("code", "c0de")
		a.Query["state"] = states
		_, err := w.Complete(t.Context(), a)
		if err == nil || fault.From(err).Code != fault.CodeHandoffInvalid {
			t.Errorf("%s: got %v, want %s", name, err, fault.CodeHandoffInvalid)
		}
	}
	w.untouched(c)
	_, err := w.finish(j)
	must(t, err)
}

// OAF-04.
func TestCompleteTakesAnAnswerOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.demo("oauth2_authorization_code"))
	j := w.travel(connect.Ask{ConnectionID: c.ID})
	answer := j.answer("code", w.provider.consent(j.address))
	errs := make([]error, 20)
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() { _, errs[i] = w.Complete(t.Context(), answer) })
	}
	group.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		refused(t, err, fault.CodeHandoffUsed)
	}
	if won != 1 || len(w.provider.asked("token")) != 1 || w.get(c.ID).Credential.Version != 1 {
		t.Errorf("%d answers were taken with %d token requests", won, len(w.provider.asked("token")))
	}
	_, err := w.Complete(t.Context(), answer)
	refused(t, err, fault.CodeHandoffUsed)
	if got := w.status(c.ID); got != "active" {
		t.Errorf("status %s", got)
	}
}

// OAF-05: DynamoDB deletes late, so the record may still be there.
func TestHandoffExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.demo("oauth2_authorization_code"))
	started, err := w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: c.ID})
	must(t, err)
	_, ticket, _ := strings.Cut(started.StartURL.Reveal(), "?ticket=")
	opened := w.opened(started.Handoff.ID, ticket)
	j := w.travel(connect.Ask{ConnectionID: c.ID})
	again, err := w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: c.ID})
	must(t, err)
	w.clock.advance(15*time.Minute + time.Second)
	_, ticket, _ = strings.Cut(again.StartURL.Reveal(), "?ticket=")
	_, err = w.Open(t.Context(), again.Handoff.ID, ticket)
	refused(t, err, fault.CodeHandoffExpired)
	_, err = w.Confirm(t.Context(), opened.Handoff.ID, opened.Cookie.Reveal(), opened.Form.Reveal())
	refused(t, err, fault.CodeHandoffExpired)
	_, err = w.finish(j)
	refused(t, err, fault.CodeHandoffExpired)
	if n := len(w.provider.asked("token")); n > 0 || w.get(c.ID).Credential != nil {
		t.Errorf("%d token requests were sent", n)
	}
}

func (w *world) opened(handoffID, ticket string) connect.Opened {
	w.t.Helper()
	opened, err := w.Open(w.t.Context(), handoffID, ticket)
	must(w.t, err)
	return opened
}

// OAF-06: a code the attacker got in a handoff of their own does not fit the
// verifier of the victim's.
func TestInjectedCodeIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.demo("oauth2_authorization_code")
	c := w.pending(made)
	victim, attacker := w.travel(connect.Ask{ConnectionID: c.ID}), w.travel(connect.Ask{ConnectionID: w.pending(made).ID})
	w.provider.sub = "mallory"
	_, err := w.Complete(t.Context(), victim.answer("code", w.provider.consent(attacker.address)))
	refused(t, err, fault.CodeProviderError)
	if got := w.get(c.ID); got.Credential != nil || len(w.secretsOf("acme")) > 0 {
		t.Error("the attacker's account was connected")
	}
}

// SES-01: the attacker begins, the victim consents and comes back in another
// browser. The code is not redeemed, and the stranger uses nothing up.
func TestAnotherBrowserCannotFinish(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.demo("oauth2_authorization_code")
	c := w.pending(made)
	j := w.travel(connect.Ask{ConnectionID: c.ID})
	other := w.travel(connect.Ask{ConnectionID: w.pending(made).ID})
	for name, jar := range map[string]func(string) string{
		"no cookie":                func(string) string { return "" },
		"a cookie of another one":  func(string) string { return other.cookie },
		"a truncated cookie":       func(string) string { return j.cookie[1:] },
		"the state as the cookie":  func(string) string { return j.state },
		"the ticket as the cookie": func(string) string { return j.ticket },
	} {
		a := j.answer("code", w.provider.consent(j.address))
		a.Cookie = jar
		_, err := w.Complete(t.Context(), a)
		if err == nil || fault.From(err).Code != fault.CodeSessionMismatch {
			t.Errorf("%s: got %v, want %s", name, err, fault.CodeSessionMismatch)
		}
	}
	w.untouched(c)
	want := []string{}
	for range 5 {
		want = append(want, "denied "+string(fault.CodeSessionMismatch))
	}
	if diff := cmp.Diff(want, w.outcomes(audit.ConnectionConnect, c.ID)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
	_, err := w.finish(j)
	must(t, err)
}

// SES-02: a start link works once, and the page it shows only where it was shown.
func TestStartLinkWorksOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.demo("oauth2_authorization_code"))
	started, err := w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: c.ID})
	must(t, err)
	id := started.Handoff.ID
	_, ticket, _ := strings.Cut(started.StartURL.Reveal(), "?ticket=")
	for _, guess := range []string{"", ticket[1:], ticket + "A", strings.ToUpper(ticket), id} {
		_, err := w.Open(t.Context(), id, guess)
		refused(t, err, fault.CodeHandoffInvalid)
	}
	_, err = w.Open(t.Context(), "hof_01JD0000000000000000000000", ticket)
	refused(t, err, fault.CodeHandoffInvalid)
	first := w.opened(id, ticket)
	_, err = w.Open(t.Context(), id, ticket)
	refused(t, err, fault.CodeHandoffUsed)
	cookie, form := first.Cookie.Reveal(), first.Form.Reveal()
	for name, pair := range map[string][2]string{
		"no cookie": {"", form}, "no form": {cookie, ""}, "neither": {"", ""}, "swapped": {form, cookie},
		"the ticket": {ticket, form}, "a guess": {cookie, form + "A"},
	} {
		_, err := w.Confirm(t.Context(), id, pair[0], pair[1])
		if err == nil || fault.From(err).Code != fault.CodeSessionMismatch {
			t.Errorf("confirm with %s: got %v, want %s", name, err, fault.CodeSessionMismatch)
		}
	}
	_, err = w.Confirm(t.Context(), id, cookie, form)
	must(t, err)
	_, err = w.Confirm(t.Context(), id, cookie, form)
	refused(t, err, fault.CodeHandoffUsed)
	_, err = w.Open(t.Context(), id, ticket)
	refused(t, err, fault.CodeHandoffUsed)
}

// Before the browser was sent on there is no state and no cookie: an absent
// hash must match nothing, not even the empty value.
func TestNothingMatchesWhatWasNeverSet(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.pending(w.demo("oauth2_authorization_code"))
	started, err := w.Authorize(t.Context(), w.caller, connect.Ask{ConnectionID: c.ID})
	must(t, err)
	_, err = w.Confirm(t.Context(), started.Handoff.ID, "", "")
	refused(t, err, fault.CodeSessionMismatch)
	j := journey{id: started.Handoff.ID, context: started.Handoff.ContextID, state: started.Handoff.ID + "."}
	_, err = w.Complete(t.Context(), j.answer("code", "c0de"))
	refused(t, err, fault.CodeHandoffInvalid)
	w.untouched(c)
}

// OAF-11 (COAT): the answer of one template's server comes to the redirect URI
// of another. The state is not used up by it.
func TestAnotherContextCannotFinish(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	honest := w.demo("oauth2_authorization_code")
	evil := w.template("custom-rest", "oauth2_authorization_code", map[string]string{
		"baseUrl": "https://evil.example/api", "verifyPath": "me",
		"authorizeUrl": "https://evil.example/authorize", "tokenUrl": "https://evil.example/token",
	})
	c := w.pending(honest)
	j := w.travel(connect.Ask{ConnectionID: c.ID})
	for _, context := range []string{evil.ID, "", strings.ToLower(honest.ID), honest.ID + "/"} {
		a := j.answer("code", w.provider.consent(j.address))
		a.ContextID = context
		_, err := w.Complete(t.Context(), a)
		refused(t, err, fault.CodeContextMismatch)
	}
	w.untouched(c)
	if got := w.outcomes(audit.ConnectionConnect, c.ID); len(got) != 4 || got[0] != "denied "+string(fault.CodeContextMismatch) {
		t.Errorf("audit %v", got)
	}
	_, err := w.finish(j)
	must(t, err)
}

// ISO-08: a verifier sealed for one handoff opens in no other.
func TestVerifierOfAnotherHandoff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.demo("oauth2_authorization_code")
	c := w.pending(made)
	j, other := w.travel(connect.Ask{ConnectionID: c.ID}), w.travel(connect.Ask{ConnectionID: w.pending(made).ID})
	theirs, err := w.Handoffs.Get(t.Context(), other.id)
	must(t, err)
	_, err = w.Handoffs.Update(t.Context(), j.id, func(h *connect.Handoff) error { h.Verifier = theirs.Verifier; return nil })
	must(t, err)
	_, err = w.finish(j)
	refused(t, err, fault.CodeKeyIntegrity)
	w.untouched(c)
}

func TestCompleteWantsOneCode(t *testing.T) {
	t.Parallel()
	for name, codes := range map[string][]string{"none": nil, "empty": {""}, "two": {"a", "b"}} {
		w := newWorld(t)
		c := w.pending(w.demo("oauth2_authorization_code"))
		a := w.travel(connect.Ask{ConnectionID: c.ID}).answer()
		a.Query["code"] = codes
		_, err := w.Complete(t.Context(), a)
		if err == nil || fault.From(err).Code != fault.CodeHandoffInvalid {
			t.Errorf("%s: got %v, want %s", name, err, fault.CodeHandoffInvalid)
		}
		w.untouched(c)
	}
}
