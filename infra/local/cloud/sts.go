package cloud

import (
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

var stsAPI = api{name: "sts"}

const stsNamespace = "https://sts.amazonaws.com/doc/2011-06-15/"

// serveSTS answers AWS STS, which speaks the query protocol: form values in,
// XML out. Any role can be assumed and no policy is enforced.
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
	op := newOperation(stsAPI, action, c.assume)
	switch action {
	case "GetCallerIdentity":
		op = newOperation(stsAPI, action, c.callerIdentity)
	case "AssumeRole", "AssumeRoleWithWebIdentity":
	default:
		writeSTSError(w, errorf("InvalidAction", "The action %q is not served.", action))
		return
	}
	result, err := c.perform(r.Context(), op, body, &stsRequest{form})
	if err != nil {
		writeSTSError(w, asError(err))
		return
	}
	w.Header().Set("Content-Type", "text/xml")
	fmt.Fprintf(w, `<%[1]sResponse xmlns="%[2]s"><%[1]sResult>%[3]s</%[1]sResult></%[1]sResponse>`, action, stsNamespace, result)
}

type stsRequest struct {
	form url.Values
}

func (r *stsRequest) resource() string { return r.form.Get("RoleArn") }

func (c *Cloud) callerIdentity(context.Context, *stsRequest) (string, error) {
	return element("Arn", c.arn("iam", "user/local")) +
		element("UserId", "local") +
		element("Account", c.Account), nil
}

func (c *Cloud) assume(_ context.Context, in *stsRequest) (string, error) {
	role := in.form.Get("RoleArn")
	session := in.form.Get("RoleSessionName")
	if role == "" || session == "" {
		return "", errorf("ValidationError", "RoleArn and RoleSessionName must not be empty.")
	}
	expiration := c.Now().Add(time.Hour).UTC().Format(time.RFC3339)
	return "<Credentials>" +
		element("AccessKeyId", "ASIALOCALLOCALLOCAL0") +
		element("SecretAccessKey", "local") +
		element("SessionToken", "local") +
		element("Expiration", expiration) +
		"</Credentials><AssumedRoleUser>" +
		element("AssumedRoleId", "AROALOCAL:"+session) +
		element("Arn", role) +
		"</AssumedRoleUser>", nil
}

// element returns an XML element with escaped text.
func element(name, text string) string {
	var escaped strings.Builder
	xml.EscapeText(&escaped, []byte(text))
	return "<" + name + ">" + escaped.String() + "</" + name + ">"
}

func writeSTSError(w http.ResponseWriter, e *Error) {
	w.Header().Set("Content-Type", "text/xml")
	w.WriteHeader(e.status())
	fmt.Fprintf(w, `<ErrorResponse xmlns="%s"><Error>%s%s%s</Error></ErrorResponse>`, stsNamespace,
		element("Type", "Sender"), element("Code", e.Code), element("Message", e.Message))
}
