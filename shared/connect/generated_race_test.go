package connect_test

import (
	"testing"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/fault"
)

// What is done to a connection without a credential while something else is:
// one of the two counts from end to end, and no version that neither record
// names keeps a label.
func TestGeneratedAtTheSameTime(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		begin     func(*testing.T) (*world, connection.Connection)
		run, over func(w *world, id string) error
		ops       []string
		want      fault.Code // Of run, which is overtaken just before the operation.
	}{
		"generate, generate": {uncertified, (*world).generate, (*world).generate, []string{"secrets.create", "connections.update"}, ""},
		"generate once more": {generated, (*world).generate, (*world).generate, []string{"secrets.create", "connections.update"}, ""},
		"generate, put":      {uncertified, (*world).generate, (*world).certify, []string{"secrets.create", "connections.update"}, fault.CodeConflict},
		"put, generate":      {uncertified, (*world).certify, (*world).generate, []string{"secrets.create", "connections.update"}, fault.CodeConflict},
		"generate, promote":  {generated, (*world).generate, (*world).register, []string{"secrets.create", "connections.update"}, fault.CodeConflict},
		"promote, generate":  {generated, (*world).register, (*world).generate, []string{"secrets.promote", "connections.update"}, fault.CodeConflict},
		"promote, promote":   {generated, (*world).register, (*world).register, []string{"secrets.promote", "connections.update"}, fault.CodeConflict},
	} {
		for _, op := range test.ops {
			t.Run(name+" before "+op, func(t *testing.T) {
				t.Parallel()
				w, c := test.begin(t)
				w.once(op, func() { must(t, test.over(w, c.ID)) })
				if err := test.run(w, c.ID); test.want == "" {
					must(t, err)
				} else {
					refused(t, err, test.want)
				}
				if w.get(c.ID).Credential == nil {
					must(t, w.register(c.ID))
				}
				w.certified(c.ID, 0)
			})
		}
	}
}

// A key that was on its way when the connection was deleted leaves no secret.
func TestDeletedWhileAKeyIsGenerated(t *testing.T) {
	t.Parallel()
	for _, op := range []string{"secrets.create", "connections.update"} {
		w, c := uncertified(t)
		w.once(op, func() {
			_, err := w.Disconnect(t.Context(), w.caller, c.ID, "*")
			must(t, err)
		})
		refused(t, w.generate(c.ID), fault.CodeNotFound)
		if left := w.secretsOf("acme"); len(left) > 0 {
			t.Errorf("%s: the deleted connection left %v", op, left)
		}
	}
}
