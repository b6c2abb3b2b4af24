package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	secrets "github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"

	"github.com/tenonhq/tenon/shared/connection"
	"github.com/tenonhq/tenon/shared/dynamo"
)

// walk looks at every connection of the table.
type walk struct {
	db          *dynamodb.Client
	table       string
	connections dynamo.Connections
	secrets     *secretsmanager.Client
	to          time.Time // What the table was restored to.
	now         func() time.Time
	write       bool

	mu     sync.Mutex
	out    io.Writer
	counts map[finding]int
	errs   []error
}

// finding is what a record and its secret are to one another.
type finding string

const (
	same  finding = "same"  // The record names the current version, or needs none.
	newer finding = "newer" // A version came into use since: it is taken over.
	gone  finding = "gone"  // The secret was destroyed since: nothing is handed out any more.
)

// atOnce is how many connections are looked at at the same time.
const atOnce = 16

// all walks the table. What fails is told in the end and keeps no other waiting.
func (w *walk) all(ctx context.Context) error {
	w.counts = map[finding]int{}
	refs, done := make(chan connection.Ref), sync.WaitGroup{}
	for range atOnce {
		done.Go(func() {
			for ref := range refs {
				w.look(ctx, ref)
			}
		})
	}
	err := w.scan(ctx, refs)
	close(refs)
	done.Wait()
	_, _ = fmt.Fprintf(w.out, "%d as they were, %d newer in the secret store, %d gone from it, %d failed\n", w.counts[same], w.counts[newer], w.counts[gone], len(w.errs))
	return errors.Join(append(w.errs, err)...)
}

func (w *walk) scan(ctx context.Context, refs chan<- connection.Ref) error {
	const suffix = "#connection"
	pages := dynamodb.NewScanPaginator(w.db, &dynamodb.ScanInput{
		TableName: &w.table, ConsistentRead: aws.Bool(true), ProjectionExpression: aws.String("pk, sk"),
		FilterExpression: aws.String("contains(pk, :suffix)"), ExpressionAttributeValues: map[string]types.AttributeValue{":suffix": &types.AttributeValueMemberS{Value: suffix}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return fmt.Errorf("scan %s: %w", w.table, err)
		}
		for _, item := range page.Items {
			pk, _ := item["pk"].(*types.AttributeValueMemberS)
			sk, _ := item["sk"].(*types.AttributeValueMemberS)
			if tenant, ok := strings.CutSuffix(pk.Value, suffix); ok {
				refs <- connection.Ref{Tenant: tenant, ID: sk.Value}
			}
		}
	}
	return nil
}

// look compares one record and tells what was found, unless all is as it was.
func (w *walk) look(ctx context.Context, ref connection.Ref) {
	found, err := w.compare(ctx, ref)
	w.mu.Lock()
	defer w.mu.Unlock()
	if err != nil {
		w.errs = append(w.errs, fmt.Errorf("%s of %s: %w", ref.ID, ref.Tenant, err))
		return
	}
	w.counts[found]++
	if found != same {
		_, _ = fmt.Fprintf(w.out, "%s\t%s\t%s\n", found, ref.Tenant, ref.ID)
	}
}

func (w *walk) compare(ctx context.Context, ref connection.Ref) (finding, error) {
	c, err := w.connections.Get(ctx, ref.Tenant, ref.ID)
	if err != nil {
		return "", err
	}
	if c.Credential == nil || c.Credential.At.Secret == "" {
		return same, nil
	}
	found, current, err := w.current(ctx, c.Credential.At.Secret)
	if err != nil || found == same || current == c.Credential.At.Version {
		return same, err
	}
	if !w.write {
		return found, nil
	}
	_, err = w.connections.Update(ctx, ref.Tenant, ref.ID, func(stored *connection.Connection) error {
		if stored.Version != c.Version {
			return errors.New("somebody else writes to the table")
		}
		if found == gone {
			withhold(stored)
			return nil
		}
		follow(stored, current, w.now().UTC())
		return nil
	})
	return found, err
}

// current returns the version that is current in the secret store; newer is found
// only where the secret was changed since the time of the table.
func (w *walk) current(ctx context.Context, name string) (finding, string, error) {
	x, err := w.secrets.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: &name})
	if missing := (*secrets.ResourceNotFoundException)(nil); errors.As(err, &missing) {
		return gone, "", nil
	}
	if err != nil {
		return "", "", fmt.Errorf("describe secret: %w", err)
	}
	if x.DeletedDate != nil {
		return gone, "", nil
	}
	for version, labels := range x.VersionIdsToStages {
		if slices.Contains(labels, "AWSCURRENT") && aws.ToTime(x.LastChangedDate).After(w.to) {
			return newer, version, nil
		}
	}
	return same, "", nil
}
