package session_test

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tenonhq/tenon/functions/functionstest"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/session"
)

const code = "fake-code-of-acme"

// awaiting is a session whose end user came back, with the provider's code kept.
func (w *world) awaiting() (*jar, session.Link) {
	w.t.Helper()
	link := w.mint(session.New{Completion: session.Backend, ReturnURL: functionstest.ReturnURL})
	j := w.browser()
	provider := j.leave(j.must(link.URL.Reveal()+"&template="+functionstest.Salesforce), salesforce())
	w.Provider.Calls()
	end, err := j.back(provider, consent("acme"))
	want := functionstest.ReturnURL + "?session_uri=" + url.QueryEscape("urn:ietf:params:oauth:request_uri:"+link.Session.ID) + "."
	if err != nil || !strings.HasPrefix(end.Location, want) {
		w.t.Fatalf("got %s, %v, want %s", end.Location, err, want)
	}
	if calls := w.Provider.Calls(); len(calls) > 0 {
		w.t.Fatalf("the provider was asked before the backend confirmed: %q", calls)
	}
	w.wantState(link.Session.ID, "awaiting_completion")
	return j, link
}

// complete passes on what a browser brought, if one came.
func (w *world) complete(sessionID, endUser string) error {
	_, err := w.Complete(w.t.Context(), functionstest.Person(functionstest.Acme), sessionID, endUser, w.brought[sessionID])
	return err
}

func TestBackendCompletes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, link := w.awaiting()
	h, err := w.Connects.Handoffs.Get(t.Context(), w.stored(link).HandoffID)
	if err != nil || len(h.Held) == 0 || strings.Contains(string(h.Held), code) {
		t.Errorf("got %d bytes held, %v, want the code sealed", len(h.Held), err)
	}
	if err := w.complete(link.Session.ID, "user-42"); err != nil {
		t.Fatal(err)
	}
	got := w.wantState(link.Session.ID, "completed")
	if c := w.Connection(functionstest.Acme, got.ConnectionID); c.Account.ID != "00D-acme" || c.Credential.SetBy != "acme/"+link.Session.ID+"/user-42" {
		t.Errorf("got connection %+v", c)
	}
	if h, err = w.Connects.Handoffs.Get(t.Context(), h.ID); err != nil || len(h.Held) > 0 {
		t.Errorf("got %d bytes held, %v, want the code gone", len(h.Held), err)
	}
}

// The same state a second time, be it with a code of somebody else's: what is held
// stays what it is.
func TestOAF04StateOfAHeldCodeReplayed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{Completion: session.Backend, ReturnURL: functionstest.ReturnURL})
	j := w.browser()
	provider := j.leave(j.must(link.URL.Reveal()+"&template="+functionstest.Salesforce), salesforce())
	twin := w.browser()
	twin.cookies = maps.Clone(j.cookies)
	if _, err := j.back(provider, consent("acme")); err != nil {
		t.Fatal(err)
	}
	_, err := twin.back(provider, consent("globex"))
	refused(t, err, fault.CodeHandoffUsed)
	if err := w.complete(link.Session.ID, "user-42"); err != nil {
		t.Fatal(err)
	}
	if c := w.Connection(functionstest.Acme, w.state(link.Session.ID).ConnectionID); c.Account.ID != "00D-acme" {
		t.Errorf("got account %+v", c.Account)
	}
}

// The browser that came back belongs to another user of the integrator.
func TestSES04AnotherUserComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	j, link := w.awaiting()
	refused(t, w.complete(link.Session.ID, "user-43"), fault.CodeUserMismatch)
	refused(t, w.complete(link.Session.ID, "user-42"), fault.CodeConflict)
	h, err := w.Connects.Handoffs.Get(t.Context(), w.stored(link).HandoffID)
	if err != nil || len(h.Held) > 0 || h.Step != connect.StepUsed {
		t.Errorf("got %+v, %v, want the code destroyed", h.Step, err)
	}
	_, err = w.Connects.Redeem(t.Context(), h.ID, "", "")
	refused(t, err, fault.CodeHandoffUsed)
	_, err = j.open(link.URL.Reveal())
	refused(t, err, fault.CodeConflict)
	if calls := w.Provider.Calls(); len(calls) > 0 {
		t.Errorf("the provider was asked: %q", calls)
	}
	if got := w.wantState(link.Session.ID, "failed"); got.Problem != "oauth_user_mismatch" || !got.Closed || got.ConnectionStatus != "pending" {
		t.Errorf("got %+v", got)
	}
}

// The other user is named while the browser is still at the provider: what comes
// back afterwards is not kept.
func TestSES04ClosedBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{Completion: session.Backend, ReturnURL: functionstest.ReturnURL})
	j := w.browser()
	provider := j.leave(j.must(link.URL.Reveal()+"&template="+functionstest.Salesforce), salesforce())
	refused(t, w.complete(link.Session.ID, "user-43"), fault.CodeUserMismatch)
	w.Provider.Calls()
	if _, err := j.back(provider, consent("acme")); err == nil {
		t.Error("the answer was taken")
	}
	if calls := w.Provider.Calls(); len(calls) > 0 {
		t.Errorf("the provider was asked: %q", calls)
	}
}

func TestCodeIsRedeemedOnceByMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, link := w.awaiting()
	var mu sync.Mutex
	var wg sync.WaitGroup
	done := 0
	for range 8 {
		wg.Go(func() {
			err := w.complete(link.Session.ID, "user-42")
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				done++
			} else if !fault.Has(err, fault.CodeHandoffUsed) {
				t.Errorf("got %v", err)
			}
		})
	}
	wg.Wait()
	redeemed := 0
	for _, call := range w.Provider.Calls() {
		if strings.HasSuffix(call, "/token") {
			redeemed++
		}
	}
	if redeemed != 1 || done < 1 {
		t.Errorf("redeemed %d times with %d successes, want once", redeemed, done)
	}
	w.wantState(link.Session.ID, "completed")
}

func TestCodeThatWaitedTooLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, link := w.awaiting()
	w.At(functionstest.Now.Add(16 * time.Minute))
	refused(t, w.complete(link.Session.ID, "user-42"), fault.CodeHandoffExpired)
	h, err := w.Connects.Handoffs.Get(t.Context(), w.stored(link).HandoffID)
	if err != nil || len(h.Held) > 0 {
		t.Errorf("got %d bytes held, %v, want the code gone", len(h.Held), err)
	}
	if calls := w.Provider.Calls(); len(calls) > 0 {
		t.Errorf("the provider was asked: %q", calls)
	}
	if got := w.wantState(link.Session.ID, "failed"); got.Problem != "oauth_state_expired" {
		t.Errorf("got %+v", got)
	}
}

func TestCompletedTooEarlyAndByTheWrongSide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{Completion: session.Backend, ReturnURL: functionstest.ReturnURL})
	refused(t, w.complete(link.Session.ID, "user-42"), fault.CodeConflict)
	j := w.browser()
	provider := j.leave(j.must(link.URL.Reveal()+"&template="+functionstest.Salesforce), salesforce())
	refused(t, w.complete(link.Session.ID, "user-42"), fault.CodeConflict)
	if _, err := j.back(provider, consent("acme")); err != nil {
		t.Fatal(err)
	}
	if err := w.complete(link.Session.ID, "user-42"); err != nil {
		t.Error(err)
	}
	other := w.mint(session.New{Templates: []string{functionstest.Salesforce}})
	refused(t, w.complete(other.Session.ID, "user-42"), fault.CodeConflict)
}

// The process dies when the code is kept and the session does not know yet: nobody
// came back, and the end user goes there again.
func TestHeldCodeThatNobodyBrings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{Completion: session.Backend, ReturnURL: functionstest.ReturnURL})
	j := w.browser()
	provider := j.leave(j.must(link.URL.Reveal()+"&template="+functionstest.Salesforce), salesforce())
	whole := w.Store
	w.Store = cut{whole}
	if _, err := j.back(provider, consent("acme")); !errors.Is(err, errCut) {
		t.Fatalf("got %v", err)
	}
	w.Store = whole
	refused(t, w.complete(link.Session.ID, "user-42"), fault.CodeConflict)
	if _, err := j.back(j.leave(j.must(link.URL.Reveal()+"&template="+functionstest.Salesforce), salesforce()), consent("acme")); err != nil {
		t.Fatal(err)
	}
	if err := w.complete(link.Session.ID, "user-42"); err != nil {
		t.Error(err)
	}
	w.wantState(link.Session.ID, "completed")
}

// The process dies when the credential is current and the session does not know
// yet: the repeated call finds out.
func TestRedeemedCodeIsFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, link := w.awaiting()
	if _, err := w.Connects.Redeem(t.Context(), w.stored(link).HandoffID, "", ""); err != nil {
		t.Fatal(err)
	}
	if err := w.complete(link.Session.ID, "user-42"); err != nil {
		t.Error(err)
	}
	w.wantState(link.Session.ID, "completed")
}

func TestRED01BackendPageThatIsNoLongerListed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	link := w.mint(session.New{Completion: session.Backend, ReturnURL: functionstest.ReturnURL})
	j := w.browser()
	provider := j.leave(j.must(link.URL.Reveal()+"&template="+functionstest.Salesforce), salesforce())
	w.unlist()
	end, err := j.back(provider, consent("acme"))
	refused(t, err, fault.CodeConflict)
	if end.Location != "" {
		t.Errorf("got %s", end.Location)
	}
	w.wantState(link.Session.ID, "failed")
}

var errCut = errors.New("cut")

// cut is a store that no longer takes anything.
type cut struct{ session.Store }

func (cut) Update(context.Context, string, func(*session.Session) error) (session.Session, error) {
	return session.Session{}, errCut
}

// What is entered wrongly in another tab takes nothing from the walk that is under
// way, nor from the answer that it brought.
func TestAnotherTabFailsMeanwhile(t *testing.T) {
	t.Parallel()
	for _, came := range []bool{false, true} {
		w := newWorld(t)
		link := w.mint(session.New{Completion: session.Backend, ReturnURL: functionstest.ReturnURL})
		j := w.browser()
		page := j.must(link.URL.Reveal() + "&template=" + functionstest.Salesforce)
		provider := j.leave(page, salesforce())
		wrong := func() {
			if page, err := j.submit(page, map[string]string{"name": " "}); err != nil || page.Status != 422 {
				t.Fatalf("got %d, %v", page.Status, err)
			}
		}
		if !came {
			wrong()
		}
		if _, err := j.back(provider, consent("acme")); err != nil {
			t.Fatal(err)
		}
		if came {
			wrong()
		}
		if err := w.complete(link.Session.ID, "user-42"); err != nil {
			t.Errorf("came back before: %t: got %v", came, err)
		}
	}
}
