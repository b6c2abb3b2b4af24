package connection

import "time"

// UseInterval is how old the noted last use becomes before a lease notes another:
// it is kept by the day, and a lease is read-only nearly always.
const UseInterval = 24 * time.Hour

// LastSign returns when the connection last showed that somebody wants it: by a
// lease, by a new credential or by being made.
func (c *Connection) LastSign() time.Time {
	last := c.CreatedAt
	for _, at := range []time.Time{c.UsedAt, c.setAt()} {
		if at.After(last) {
			last = at
		}
	}
	return last
}

func (c *Connection) setAt() time.Time {
	if c.Credential == nil {
		return time.Time{}
	}
	return c.Credential.SetAt
}
