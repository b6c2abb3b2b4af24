package connect_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
)

// The two stores (STO-01 to STO-05): whatever write fails or is the last before
// the process dies, the request repeated succeeds, and there is one of
// everything.

// failures runs a test for every write of an operation: failed before it was
// done, its answer lost, and the process dead before or after it.
func failures(t *testing.T, writes []string, test func(t *testing.T, op string, after, dies bool)) {
	t.Helper()
	if len(writes) < 4 {
		t.Fatalf("the operation writes %v only", writes)
	}
	for _, op := range writes {
		for _, after := range []bool{false, true} {
			for _, dies := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s after=%t dies=%t", op, after, dies), func(t *testing.T) {
					t.Parallel()
					test(t, op, after, dies)
				})
			}
		}
	}
}

func TestCreateRepeatedAfterAFailure(t *testing.T) {
	t.Parallel()
	probe, made := keyed(t)
	n := probe.power.count()
	_, err := probe.Create(t.Context(), probe.caller, request(made.ID))
	must(t, err)
	failures(t, probe.power.since(n), func(t *testing.T, op string, after, dies bool) {
		w, made := keyed(t)
		w.power.cut(op, after, dies)
		if _, err := w.Create(t.Context(), w.caller, request(made.ID)); err == nil {
			t.Error("the failure was not reported")
		}
		w.power.on()
		w.clock.advance(2 * time.Minute) // The reservation of a dead run ends.
		c, err := w.Create(t.Context(), w.caller, request(made.ID))
		must(t, err)
		if got := w.status(c.ID); got != "active" {
			t.Errorf("status %s", got)
		}
		w.serves(c.ID, goodKey)
		found, _, err := w.Connections.List(t.Context(), "acme", connection.Filter{}, "", 100)
		must(t, err)
		if names := w.secretsOf("acme"); len(found) != 1 || len(names) != 1 || names[0] != c.SecretName {
			t.Errorf("%d connections, secrets %v", len(found), names)
		}
		_, err = w.Disconnect(t.Context(), w.caller, c.ID, "")
		must(t, err)
		w.nothing(made)
	})
}

func request(templateID string) connect.New {
	return connect.New{Key: "k-1", Fingerprint: "f-1", TemplateID: templateID, Name: "CRM", Credential: apiKey(goodKey)}
}

// A request that failed and is not repeated leaves nothing, unless the process
// died or only the last note of its success is missing.
func TestCreateFailedLeavesNothing(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"audit.append", "connections.create", "secrets.create", "connections.update"} {
		for _, after := range []bool{false, true} {
			w, made := keyed(t)
			w.power.cut(op, after, false)
			_, err := w.create(made, goodKey)
			refused(t, err, fault.CodeRetryLater)
			w.nothing(made)
		}
	}
}

func TestReplaceRepeatedAfterAFailure(t *testing.T) {
	t.Parallel()
	probe, c := replaceable(t)
	n := probe.power.count()
	_, err := probe.put(c.ID, "*", nextKey)
	must(t, err)
	failures(t, probe.power.since(n), func(t *testing.T, op string, after, dies bool) {
		w, c := replaceable(t)
		w.power.cut(op, after, dies)
		_, err := w.put(c.ID, "*", nextKey)
		w.power.on()
		if now := w.hotCopy(c.ID).Headers["X-Api-Key"].Reveal(); err != nil && now == goodKey {
			w.serves(c.ID, goodKey) // Either the old key, from end to end…
		} else {
			w.serves(c.ID, nextKey) // …or the new one.
		}
		_, err = w.put(c.ID, "*", nextKey)
		must(t, err)
		w.serves(c.ID, nextKey)
		if names := w.secretsOf("acme"); !slices.Equal(names, []string{c.SecretName}) {
			t.Errorf("secrets %v", names)
		}
	})
}

// Replacements that died one after the other never take the labels off the
// version in use: the secret store may remove what has none.
func TestVersionInUseKeepsItsLabel(t *testing.T) {
	t.Parallel()
	w, c := replaceable(t)
	stored, err := w.Connections.Get(t.Context(), "acme", c.ID)
	must(t, err)
	used := stored.Credential.At
	for range 3 {
		w.power.cut("secrets.create", true, true)
		if _, err := w.put(c.ID, "*", nextKey); !errors.Is(err, errPower) {
			t.Fatalf("put: got %v, want a power cut", err)
		}
		w.power.on()
		if labels := w.stored.Labels(used.Secret); len(labels[used.Version]) == 0 {
			t.Fatalf("the version in use has no label: %v", labels)
		}
	}
	_, err = w.put(c.ID, "*", nextKey)
	must(t, err)
	w.serves(c.ID, nextKey)
	if labels := w.stored.Labels(used.Secret); len(labels) != 1 {
		t.Errorf("labelled versions: %v, want the one in use", labels)
	}
}

// Nor do replacements at the same time, whichever of them counts in the end.
func TestReplacedAtTheSameTimeKeepsItsLabel(t *testing.T) {
	t.Parallel()
	for _, ifMatch := range []string{"*", `"2"`} {
		for _, op := range []string{"secrets.create", "connections.update"} {
			w, c := replaceable(t)
			w.provider.keys["key-other-0003"] = "bob"
			w.once(op, func() {
				if _, err := w.put(c.ID, ifMatch, "key-other-0003"); err != nil {
					t.Error(err)
				}
			})
			_, err := w.put(c.ID, ifMatch, nextKey)
			if ifMatch == "*" {
				must(t, err)
			} else {
				refused(t, err, fault.CodePreconditionFailed)
			}
			now := w.get(c.ID)
			if labels := w.stored.Labels(now.SecretName); len(labels[now.Credential.At.Version]) == 0 {
				t.Errorf("%s overtaken before %s: the version in use has no label: %v", ifMatch, op, labels)
			}
		}
	}
}

// One that another comes after, when all but its labels are done, leaves the label
// of the current version to that.
func TestReplacementOvertakenAtItsEnd(t *testing.T) {
	t.Parallel()
	w, c := replaceable(t)
	w.provider.keys["key-other-0003"] = "bob"
	w.once("connections.update", func() { // After that only labels are moved.
		w.once("secrets.promote", func() {
			_, err := w.put(c.ID, "*", "key-other-0003")
			must(t, err)
		})
	})
	_, err := w.put(c.ID, "*", nextKey)
	must(t, err)
	w.serves(c.ID, "key-other-0003")
	now := w.get(c.ID)
	if got := w.stored.Labels(now.SecretName)[now.Credential.At.Version]; !slices.Equal(got, []string{"AWSCURRENT"}) {
		t.Errorf("labels of the version in use: %v", got)
	}
}

// Nor does one that was overtaken by another and died then: it knew the version
// that was in use before.
func TestOvertakenReplacementThatDiedKeepsTheLabel(t *testing.T) {
	t.Parallel()
	w, c := replaceable(t)
	w.provider.keys["key-other-0003"] = "bob"
	w.once("secrets.promote", func() {
		_, err := w.put(c.ID, "*", "key-other-0003")
		must(t, err)
		w.power.cut("secrets.create", true, true)
	})
	if _, err := w.put(c.ID, "*", nextKey); !errors.Is(err, errPower) {
		t.Fatalf("put: got %v, want a power cut", err)
	}
	w.power.on()
	w.serves(c.ID, "key-other-0003")
	now := w.get(c.ID)
	if labels := w.stored.Labels(now.SecretName); len(labels[now.Credential.At.Version]) == 0 {
		t.Errorf("the version in use has no label: %v", labels)
	}
}

func TestHandoffRepeatedAfterAFailure(t *testing.T) {
	t.Parallel()
	run := func(w *world, id string) error {
		started, err := w.Authorize(w.t.Context(), w.caller, connect.Ask{ConnectionID: id})
		if err != nil {
			return err
		}
		ticket := started.StartURL.Reveal()[len("https://tenon.example.com/v1/oauth/start/"+started.Handoff.ID+"?ticket="):]
		opened, err := w.Open(w.t.Context(), started.Handoff.ID, ticket)
		if err != nil {
			return err
		}
		j := journey{id: started.Handoff.ID, context: started.Handoff.ContextID, cookie: opened.Cookie.Reveal()}
		address, err := w.Confirm(w.t.Context(), j.id, j.cookie, opened.Form.Reveal())
		if err != nil {
			return err
		}
		j.follow(w.t, address.Reveal())
		_, err = w.finish(j)
		return err
	}
	probe := newWorld(t)
	c := probe.connected(probe.demo("oauth2_authorization_code"))
	n := probe.power.count()
	must(t, run(probe, c.ID))
	failures(t, probe.power.since(n), func(t *testing.T, op string, after, dies bool) {
		w := newWorld(t)
		c := w.connected(w.demo("oauth2_authorization_code"))
		w.power.cut(op, after, dies)
		_ = run(w, c.ID) // A failure of the last step is logged, not returned.
		w.power.on()
		if got := w.status(c.ID); got != "active" {
			t.Errorf("status after the failure %s", got)
		}
		w.material(c.ID)
		must(t, run(w, c.ID))
		if got := w.hotCopy(c.ID).AccessToken.Reveal(); w.provider.tokens[got] != "bob" || w.status(c.ID) != "active" {
			t.Errorf("status %s", w.status(c.ID))
		}
		if names := w.secretsOf("acme"); !slices.Equal(names, []string{c.SecretName}) {
			t.Errorf("secrets %v", names)
		}
	})
}

// The answer of the write that makes a grant current may be lost: the grant in
// use is not revoked as one that was refused.
func TestGrantInUseIsNotRevoked(t *testing.T) {
	t.Parallel()
	for _, after := range []bool{false, true} {
		w := newWorld(t)
		c := w.connected(w.demo("oauth2_authorization_code"))
		j := w.travel(connect.Ask{ConnectionID: c.ID})
		w.power.cut("connections.update", after, false)
		_, err := w.finish(j)
		refused(t, err, fault.CodeRetryLater)
		w.power.on()
		revoked := w.provider.forgotten()
		if slices.Contains(revoked, w.material(c.ID).RefreshToken.Reveal()) {
			t.Error("the grant in use was revoked")
		}
		if after != (len(revoked) == 0) {
			t.Errorf("written %t: revoked %d grants", after, len(revoked))
		}
	}
}

func TestDisconnectRepeatedAfterAFailure(t *testing.T) {
	t.Parallel()
	probe := newWorld(t)
	c := probe.connected(probe.demo("oauth2_authorization_code"))
	n := probe.power.count()
	_, err := probe.Disconnect(t.Context(), probe.caller, c.ID, "")
	must(t, err)
	failures(t, probe.power.since(n), func(t *testing.T, op string, after, dies bool) {
		w := newWorld(t)
		made := w.demo("oauth2_authorization_code")
		c := w.connected(made)
		w.power.cut(op, after, dies)
		_, err := w.Disconnect(t.Context(), w.caller, c.ID, "")
		if err == nil {
			t.Error("the failure was not reported")
		}
		w.power.on()
		receipt, err := w.Disconnect(t.Context(), w.caller, c.ID, "")
		if op == "connections.delete" && after {
			refused(t, err, fault.CodeNotFound)
		} else {
			must(t, err)
		}
		if err == nil && receipt != method.Revoked {
			t.Errorf("receipt %s", receipt)
		}
		w.nothing(made)
		if len(w.provider.forgotten()) == 0 {
			t.Error("nothing was revoked")
		}
	})
}

// Nothing but the version in use stays behind, be they the first ones or not.
func TestReplacedAtTheSameTimeLeavesNoOther(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"secrets.create", "connections.update"} {
		for _, first := range []bool{true, false} {
			w, made := keyed(t)
			w.provider.keys["key-other-0003"] = "bob"
			c := w.pending(made)
			if !first {
				_, err := w.put(c.ID, "*", goodKey)
				must(t, err)
			}
			w.once(op, func() {
				if _, err := w.put(c.ID, "*", "key-other-0003"); err != nil {
					t.Error(err)
				}
			})
			_, err := w.put(c.ID, "*", nextKey)
			must(t, err)
			w.serves(c.ID, nextKey)
			w.labelled(c.ID)
		}
	}
}
