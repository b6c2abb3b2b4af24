// Command restored compares a table that was restored to an earlier time with the
// secret store, which was not, and lets the records follow it (ADR 0052). It reads
// no credential: labels and dates are enough. It is run once, with the rights of an
// operator, before the functions use the table.
//
// It may import the record and the store of connections, and how AWS is reached.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"

	"github.com/tenonhq/tenon/shared/awsconfig"
	"github.com/tenonhq/tenon/shared/dynamo"
)

func main() {
	table := flag.String("table", "", "name of the restored table")
	to := flag.String("to", "", "time it was restored to, such as 2026-11-21T10:00:00Z")
	write := flag.Bool("write", false, "change the records; without it they are only listed")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *table, *to, *write); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, table, to string, write bool) error {
	at, err := time.Parse(time.RFC3339, to)
	if err != nil || table == "" {
		return fmt.Errorf("both -table and -to, as RFC 3339 writes a time, are needed")
	}
	cfg, err := awsconfig.New(os.LookupEnv)
	if err != nil {
		return fmt.Errorf("reach AWS, see aws configure export-credentials --format env: %w", err)
	}
	db := dynamodb.NewFromConfig(cfg)
	w := walk{
		db: db, table: table, connections: dynamo.Connections{Table: dynamo.Table{DB: db, Name: table}},
		secrets: secretsmanager.NewFromConfig(cfg), to: at, now: time.Now, write: write, out: out,
	}
	return w.all(ctx)
}
