package chaos_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"time"
)

// disturbance is how AWS misbehaves at a call.
type disturbance string

// The ways to disturb a request. All but down happen to one call, and AWS's SDK
// repeats that.
const (
	none     disturbance = ""
	fails    disturbance = "fails"    // An error of the service: not carried out.
	throttle disturbance = "throttle" // Too many calls: not carried out.
	late     disturbance = "late"     // Carried out after lateness.
	down     disturbance = "down"     // The call, and each of its name after it, fails.
)

// lateness is less than what the functions wait for AWS.
const lateness = 3 * time.Second

// disturber says what becomes of a call. It is called by one call at a time.
type disturber func(at int, name string) disturbance

// at disturbs the call in a place, or from there on those of its name.
func (d disturbance) at(place int, name string) disturber {
	return func(at int, called string) disturbance {
		if at == place || d == down && at > place && called == name {
			return d
		}
		return none
	}
}

// refuses reports whether the call is not carried out.
func (d disturbance) refuses() bool { return d == fails || d == throttle || d == down }

// serve answers a call as the disturbance has it.
func (d disturbance) serve(w http.ResponseWriter, r *http.Request, next http.Handler) {
	if d == late {
		time.Sleep(lateness)
	}
	if !d.refuses() {
		next.ServeHTTP(w, r)
		return
	}
	service, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	service, _, _ = strings.Cut(service, "_")
	status, body := http.StatusInternalServerError, map[string]any{"__type": internalError[service], "message": "It failed."}
	if d == throttle {
		status, body = http.StatusBadRequest, throttled(service, operation)
	}
	w.Header().Set("Content-Type", "application/x-amz-json-1.0")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // The recorder takes everything.
}

// internalError names the error of each service for a failure of its own, by
// the prefix of X-Amz-Target.
var internalError = map[string]string{
	"DynamoDB": "com.amazonaws.dynamodb.v20120810#InternalServerError", "TrentService": "KMSInternalException",
	"secretsmanager": "InternalServiceError", "AWSEvents": "InternalException",
}

// throttled is a service's answer to too many calls. A transaction is canceled
// then, which the SDK does not repeat.
func throttled(service, operation string) map[string]any {
	if service != "DynamoDB" {
		return map[string]any{"__type": "ThrottlingException", "message": "Rate exceeded"}
	}
	const prefix = "com.amazonaws.dynamodb.v20120810#"
	if operation != "TransactWriteItems" {
		return map[string]any{"__type": prefix + "ProvisionedThroughputExceededException", "message": "Rate exceeded"}
	}
	return map[string]any{
		"__type": prefix + "TransactionCanceledException", "message": "Transaction cancelled [ThrottlingError, None]",
		"CancellationReasons": []map[string]any{{"Code": "ThrottlingError", "Message": "Rate exceeded"}, {"Code": "None"}},
	}
}
