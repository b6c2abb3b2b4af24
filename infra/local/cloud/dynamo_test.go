package cloud_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/google/go-cmp/cmp"
)

func TestTickDeletesExpiredItems(t *testing.T) {
	t.Parallel()
	c, at := newCloud()
	stream := createTable(t, c, "sessions")
	expiry := &types.AttributeValueMemberN{Value: strconv.FormatInt(at.Now().Add(time.Minute).Unix(), 10)}
	putItem(t, c, "sessions", map[string]types.AttributeValue{"pk": text("short"), "ttl": expiry})
	putItem(t, c, "sessions", map[string]types.AttributeValue{"pk": text("long")})
	at.Advance(2 * time.Minute)
	if getItem(t, c, "sessions", "short") == nil {
		t.Error("the item was gone before it was deleted")
	}
	c.Tick()
	if got := getItem(t, c, "sessions", "short"); got != nil {
		t.Errorf("got item %v after it expired", got)
	}
	if getItem(t, c, "sessions", "long") == nil {
		t.Error("an item without an expiry was deleted")
	}
	want := []string{"INSERT short", "INSERT long", "REMOVE short by dynamodb.amazonaws.com"}
	if got := streamEvents(t, c, stream); !cmp.Equal(got, want) {
		t.Errorf("got stream %q, want %q", got, want)
	}
}

func TestTickForgetsOldStreamRecords(t *testing.T) {
	t.Parallel()
	c, at := newCloud()
	stream := createTable(t, c, "connections")
	putItem(t, c, "connections", map[string]types.AttributeValue{"pk": text("old")})
	at.Advance(25 * time.Hour)
	putItem(t, c, "connections", map[string]types.AttributeValue{"pk": text("new")})
	c.Tick()
	if got, want := streamEvents(t, c, stream), []string{"INSERT new"}; !cmp.Equal(got, want) {
		t.Errorf("got stream %q, want %q", got, want)
	}
}
