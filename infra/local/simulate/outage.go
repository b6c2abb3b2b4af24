package simulate

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/tenonhq/tenon/shared/connection"
)

// The outage: a quiet hour, two hours in which the system answers 503, and the
// time after.
const (
	outageFrom  = time.Hour
	outageUntil = 3 * time.Hour
	outageTotal = 6 * time.Hour
	outagePace  = 20 * time.Millisecond // Between two calls to the system, by its entry in the catalog.
	outageConns = 10_000
	outageEnds  = 50 // Grants that are really revoked meanwhile.
)

// Outage is what an outage of one system did to its connections.
type Outage struct {
	Connections int
	Revoked     int // Grants that ended during the outage.
	Demoted     int // Connections that were not active when the outage ended.
	Events      int // About connections, while it lasted.
	Mails       int64
	Calls       int64         // Token requests to the system while it lasted.
	PeakRate    int           // Token requests in one second after it, at most.
	MeanRate    float64       // The same, over a minute.
	Limit       int           // Token requests a second that the system allows.
	Recovered   time.Duration // From its end until every token that could be had was fresh.
	Found       int           // Revocations that were found by the end.
	Wrong       int           // Connections that were demoted and not revoked, by the end.
	Reused      int64         // Refresh tokens that were sent after they had been replaced.
	Took        time.Duration
}

// RunOutage simulates an outage of the system of n connections, of which so many
// grants are revoked meanwhile.
func RunOutage(ctx context.Context, n, revoked int) (*Outage, error) {
	started := time.Now()
	w, err := newWorldOf(ctx, n, outageTotal, func(int) class { return rotating }, outagePace)
	if err != nil {
		return nil, err
	}
	w.systems.outage = [2]time.Time{begin.Add(outageFrom), begin.Add(outageUntil)}
	w.systems.revoked = map[int]bool{}
	for i := range revoked {
		w.systems.revoked[i*n/revoked] = true
	}
	o := &Outage{Connections: n, Revoked: revoked, Recovered: -1, Limit: int(time.Second / outagePace)}
	e := newEngine(w, progress{})
	e.quiet = true
	e.each = func(now time.Time) { o.look(e, now.Sub(begin)) }
	if err := e.run(ctx, outageTotal); err != nil {
		return nil, err
	}
	o.finish(e)
	o.Took = time.Since(started)
	return o, nil
}

// look notes how things stand at the moments that count.
func (o *Outage) look(e *engine, into time.Duration) {
	switch {
	case into == outageUntil:
		o.Demoted = e.world.state(e.now).demoted
		for kind, n := range e.world.happened() {
			if kind != "provider.outage" {
				o.Events += n
			}
		}
		for _, l := range e.lanes {
			for _, x := range l.environments {
				o.Mails += x.calls[sendMail]
			}
		}
	case into > outageUntil && o.Recovered < 0 && into%time.Minute == 0:
		if o.stale(e) == 0 {
			o.Recovered = into - outageUntil
		}
	}
}

// stale counts the tokens that are over and could be fresh.
func (o *Outage) stale(e *engine) (n int) {
	for place := range e.world.table.rows {
		if c := &e.world.table.rows[place].record; !e.world.systems.revoked[place] && c.Credential.ExpiresAt.Before(e.now) {
			n++
		}
	}
	return n
}

func (o *Outage) finish(e *engine) {
	o.Calls, o.Reused = e.world.systems.downs.Load(), e.world.systems.reused.Load()
	asked := e.world.systems.asked
	const window = 60
	for second := int(outageUntil / time.Second); second+window < len(asked); second++ {
		sum := 0
		for i := range window {
			sum += int(asked[second+i].Load())
		}
		o.PeakRate, o.MeanRate = max(o.PeakRate, int(asked[second].Load())), max(o.MeanRate, float64(sum)/window)
	}
	for place := range e.world.table.rows {
		c := &e.world.table.rows[place].record
		active := connection.StatusOf(c, e.now).Name == connection.StatusActive
		switch revoked := e.world.systems.revoked[place]; {
		case revoked && c.Health.Reason == connection.ReasonReauthRequired:
			o.Found++
		case !revoked && !active:
			o.Wrong++
		}
	}
}

// PrintOutage simulates the outage and writes what it did.
func PrintOutage(ctx context.Context, out io.Writer) error {
	o, err := RunOutage(ctx, outageConns, outageEnds)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, `outage: %s connections of one system, rotating tokens of %s, answers 503 for %s; simulated %s in %s
demoted when it ended                %d
status events and mails meanwhile    %d, %d
token requests while it lasted       %d (a healthy system would have had about %d)
token requests a second afterwards   %.1f over a minute, %d in one second, at most; the system allows %d
until every token was fresh          %s
revocations found                    %d of %d
demoted and not revoked, at the end  %d
refresh tokens sent twice            %d
`, group(o.Connections), tokenLife, outageUntil-outageFrom, outageTotal, o.Took.Round(time.Second), o.Demoted, o.Events, o.Mails,
		o.Calls, int(float64(o.Connections)*(outageUntil-outageFrom).Minutes()/53.4), o.MeanRate, o.PeakRate, o.Limit, o.Recovered, o.Found, o.Revoked, o.Wrong, o.Reused)
	return err
}
