package cloudtest_test

import (
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/tenonhq/tenon/infra/local/cloud/cloudtest"
)

// motoDifferences are the documented behaviours that moto lacks, as of 5.2.1.
var motoDifferences = map[string]string{
	"dynamodb/condition: size of a missing attribute is false, not an error":        "answers HTTP 500",
	"dynamodb/condition: size of a number is false":                                 "answers HTTP 500",
	"dynamodb/invalid: index key of the wrong type":                                 "accepts it",
	"dynamodb/invalid: set with duplicates":                                         "accepts it",
	"dynamodb/transaction: the same request token executes once":                    "ignores ClientRequestToken",
	"dynamodb/transaction: a request token with other items is refused":             "ignores ClientRequestToken",
	"dynamodb/query: a filter on a key attribute is invalid":                        "accepts it",
	"dynamodb/query: an unknown index is invalid":                                   "answers ResourceNotFoundException",
	"dynamodb/batch: write of more than 25 items is invalid":                        "accepts them",
	"dynamodb/table: a name of two characters is invalid":                           "accepts it",
	"dynamodb/table: PartiQL select by key":                                         "finds nothing",
	"dynamodb/stream: a write without a change leaves no record":                    "records it",
	"dynamodb/stream: a cancelled transaction leaves no record":                     "records what was rolled back",
	"secretsmanager/create: a name with a space is invalid":                         "accepts it",
	"secretsmanager/put: a value above 64 KiB is invalid":                           "accepts it",
	"secretsmanager/rotate: with a rotation function":                               "looks for the function in its own Lambda",
	"secretsmanager/version: the same token with another value is refused and kept": "overwrites the version",
	"secretsmanager/version: a promoted one is read without a stage":                "returns the first version",
	"secretsmanager/version: a promoted one is read by a batch":                     "returns the first version",
	"secretsmanager/version: a put after a promotion moves the labels on":           "leaves AWSCURRENT on two versions",
	"secretsmanager/version: list with and without deprecated ones":                 "always lists deprecated versions",
	"secretsmanager/delete: a scheduled secret cannot be written":                   "accepts the write",
	"secretsmanager/delete: the name of a scheduled secret is taken":                "answers ResourceExistsException",
	"secretsmanager/key: a secret under a disabled key cannot be read":              "does not connect secrets with keys",
	"secretsmanager/key: a secret under a key pending deletion cannot be read":      "does not connect secrets with keys",
	"secretsmanager/key: one that does not exist is refused":                        "does not connect secrets with keys",
	"kms/key: a symmetric one by default":                                           "leaves KeyUsage empty",
	"kms/key: no import into a key with AWS material":                               "answers HTTP 500",
	"kms/alias: the service's prefix is reserved":                                   "accepts it",
	"kms/decrypt: another key ID fails":                                             "answers AccessDeniedException",
	"kms/state: a disabled key is refused until it is enabled":                      "does not enforce key states",
	"kms/state: disabled by ARN":                                                    "answers HTTP 500",
	"kms/state: a deletion window of three days is invalid":                         "accepts it",
	"kms/state: a key pending deletion is refused":                                  "does not enforce key states",
	"kms/sign: RS256 of a digest":                                                   "hashes the digest again",
	"kms/sign: PS256 with a salt as long as the hash":                               "uses the longest salt",
	"kms/sign: ES256 of a digest":                                                   "hashes the digest again",
	"kms/sign: a disabled key is refused":                                           "does not enforce key states",
	"kms/sign: a signing key does not encrypt":                                      "accepts it",
	"kms/verify: a good signature and a bad one":                                    "answers SignatureValid false instead of an error",
	"sqs/dead letters: moved back on request":                                       "has no StartMessageMoveTask",
	"eventbridge/pattern: content filters":                                          "TestEventPattern always answers false",
	"eventbridge/pattern: an unknown filter is refused":                             "accepts it",
	"scheduler/schedule: at() fires once and is deleted":                            "fires nothing",
	"scheduler/schedule: a malformed expression is invalid":                         "accepts it",
	"scheduler/schedule: an unknown group is not found":                             "answers HTTP 500",
	"sesv2/mail: from a template":                                                   "has no templates",
	"sesv2/identity: creating it twice is refused":                                  "accepts it",
	"sts/role: one that does not exist is denied":                                   "there is no IAM enforcement",
}

// TestMoto runs the suite against moto, an independent implementation, so
// that the probes themselves are checked. Concurrent probes are left out:
// moto's transactions are not isolated.
func TestMoto(t *testing.T) {
	t.Parallel()
	endpoint := startMoto(t)
	cloudtest.Run(t, cloudtest.Config(endpoint, cloudtest.Client()), motoDifferences)
}

// startMoto starts moto_server on a free port until the test ends.
func startMoto(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("moto_server")
	if err != nil {
		t.Skip("moto_server is not installed")
	}
	port := freePort(t)
	command := exec.Command(program, "-H", "127.0.0.1", "-p", port)
	if err := command.Start(); err != nil {
		t.Fatalf("start moto_server: %v", err)
	}
	t.Cleanup(func() {
		command.Process.Kill()
		command.Wait()
	})
	endpoint := "http://127.0.0.1:" + port
	for range 300 {
		answer, err := http.Get(endpoint + "/moto-api/")
		if err == nil {
			answer.Body.Close()
			return endpoint
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Fatal("moto_server did not answer within 30 seconds")
	return ""
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("find a free port: %v", err)
	}
	defer listener.Close()
	return strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
}
