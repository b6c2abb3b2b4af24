package cloud

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"time"
)

var stsAPI = api{name: "sts"}

const stsNamespace = "https://sts.amazonaws.com/doc/2011-06-15/"

// identityStore is AWS STS, and the little of IAM that it needs: roles with their
// policies and what they trust, and users with keys, who may do nothing here.
// Roles and sessions are forgotten with the process.
type identityStore struct {
	cloud *Cloud
	mu    sync.Mutex
	roles map[string]Role   // By ARN.
	keys  map[string]signer // By access key id.
}

// AddKey registers an access key of the IAM user with this ARN.
func (c *Cloud) AddKey(userARN, accessKeyID, secretAccessKey string) {
	c.identities.mu.Lock()
	defer c.identities.mu.Unlock()
	c.identities.keys[accessKeyID] = signer{arn: userARN, id: "AIDA" + accessKeyID[4:], secret: secretAccessKey}
}

func newIdentityStore(c *Cloud) *identityStore {
	return &identityStore{cloud: c, roles: map[string]Role{}, keys: map[string]signer{}}
}

// serveSTS answers AWS STS, which speaks the query protocol: form values in,
// XML out.
func (c *Cloud) serveSTS(w http.ResponseWriter, r *http.Request) {
	body, err := readBody(r)
	if err != nil {
		writeSTSError(w, asError(err))
		return
	}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		writeSTSError(w, errorf("MalformedQueryString", "The request body is not a form."))
		return
	}
	action := form.Get("Action")
	op := newOperation(stsAPI, action, c.identities.assume)
	switch action {
	case "GetCallerIdentity":
		op = newOperation(stsAPI, action, c.identities.callerIdentity)
	case "AssumeRole", "AssumeRoleWithWebIdentity":
	default:
		writeSTSError(w, errorf("InvalidAction", "The action %q is not served.", action))
		return
	}
	result, err := c.perform(r, op, body, &stsRequest{form: form})
	if err != nil {
		writeSTSError(w, asError(err))
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	fmt.Fprintf(w, `<%[1]sResponse xmlns="%[2]s"><%[1]sResult>%[3]s</%[1]sResult></%[1]sResponse>`, action, stsNamespace, result)
}

type stsRequest struct {
	form url.Values
	who  signer
}

func (r *stsRequest) resource() string { return r.form.Get("RoleArn") }

func (s *identityStore) callerIdentity(_ context.Context, in *stsRequest) (string, error) {
	return element("Arn", in.who.arn) + element("UserId", in.who.id) + element("Account", accountOf(in.who.arn)), nil
}

// The bounds of a session: what AWS gives at least, and at most to a caller who
// has assumed a role before, as every function has.
const (
	minSession = 15 * time.Minute
	maxSession = time.Hour
)

var sessionName = regexp.MustCompile(`^[\w+=,.@-]{2,64}$`)

func (s *identityStore) assume(_ context.Context, in *stsRequest) (string, error) {
	arn, session := in.form.Get("RoleArn"), in.form.Get("RoleSessionName")
	if len(arn) < 20 || !sessionName.MatchString(session) {
		return "", errorf("ValidationError", "RoleArn or RoleSessionName does not have the expected form.")
	}
	lifetime := maxSession
	if seconds := in.form.Get("DurationSeconds"); seconds != "" {
		d, err := time.ParseDuration(seconds + "s")
		if err != nil || d < minSession || d > maxSession {
			return "", errorf("ValidationError", "DurationSeconds must be from 900 to 3600.")
		}
		lifetime = d
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	role, ok := s.roles[arn]
	if !ok || role.ExternalID != "" && role.ExternalID != in.form.Get("ExternalId") {
		return "", forbidden("AccessDenied", "The caller is not authorized to perform: sts:AssumeRole on resource: "+arn)
	}
	policies, err := in.policies()
	if err != nil {
		return "", err
	}
	id, issued := s.issue(role, session)
	issued.tags, issued.policies, issued.expires = in.tags(), policies, s.cloud.Now().Add(lifetime)
	s.keys[id] = issued
	return "<Credentials>" +
		element("AccessKeyId", id) +
		element("SecretAccessKey", issued.secret) +
		element("SessionToken", issued.token) +
		element("Expiration", issued.expires.UTC().Format(time.RFC3339)) +
		"</Credentials><AssumedRoleUser>" +
		element("AssumedRoleId", issued.id) +
		element("Arn", issued.arn) +
		"</AssumedRoleUser>", nil
}

func accountOf(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	if len(parts) < 6 {
		return ""
	}
	return parts[4]
}

// element returns an XML element with escaped text.
func element(name, text string) string {
	var escaped strings.Builder
	xml.EscapeText(&escaped, []byte(text))
	return "<" + name + ">" + escaped.String() + "</" + name + ">"
}

func forbidden(code, message string) *Error {
	return &Error{Code: code, Message: message, Status: http.StatusForbidden}
}

func writeSTSError(w http.ResponseWriter, e *Error) {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(e.status())
	fmt.Fprintf(w, `<ErrorResponse xmlns="%s"><Error>%s%s%s</Error></ErrorResponse>`, stsNamespace,
		element("Type", "Sender"), element("Code", e.Code), element("Message", e.Message))
}
