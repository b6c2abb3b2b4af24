package dynamo

import "context"

// amend applies change to a record and stores the result if nobody wrote in
// between, else it starts over. What is not there, which has version zero, is
// made. The version is counted here; item is the record as it is stored.
func amend[R any](ctx context.Context, t Table, read func() (R, error), version func(*R) *int64, change func(*R) error, item func(R) any) (R, error) {
	var r R
	err := again(ctx, func() (err error) {
		if r, err = read(); err != nil {
			return err
		}
		seen := *version(&r)
		condition := unchanged(seen)
		if seen == 0 {
			condition = absent()
		}
		if err := change(&r); err != nil {
			return err
		}
		*version(&r) = seen + 1
		_, err = t.put(ctx, item(r), condition)
		return err
	})
	if err != nil {
		var none R
		return none, err
	}
	return r, nil
}
