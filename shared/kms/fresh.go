package kms

import (
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/kms"
)

// How often a call on a fresh key is made at most, and how long is waited between.
const (
	freshAttempts = 6
	freshDelay    = time.Second
)

// fresh repeats a call on a key that was made a moment ago. KMS may not know it
// everywhere yet, or not its tags, which our permissions ask for; given up, each
// creation that is tried again would make another key.
// https://docs.aws.amazon.com/kms/latest/developerguide/accessing-kms.html#programming-eventual-consistency
func fresh(o *kms.Options) {
	often := retry.AddWithMaxAttempts(retry.AddWithErrorCodes(o.Retryer, "AccessDeniedException", "NotFoundException"), freshAttempts)
	o.Retryer = retry.AddWithMaxBackoffDelay(often, freshDelay)
}
