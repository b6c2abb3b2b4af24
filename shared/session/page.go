package session

import (
	"context"
	"net/http"
	"strings"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/secret"
)

// entry is what a person entered.
type entry struct {
	template   string
	form       string // The anti-forgery value.
	name       string
	inputs     map[string]string
	credential map[string]secret.Bytes
}

// draw returns the page: what to choose from, or the form of what was chosen. Of
// what was entered before, nothing secret comes back.
func (s *Service) draw(ctx context.Context, v Session, offers []offer, e entry, problem error) (api.Browser, error) {
	t, err := s.Tenants.Get(ctx, v.Tenant)
	if err != nil {
		return api.Browser{}, err
	}
	requester := browser.Facts([2]string{"Requested by", t.Name + " (" + v.Home + "/" + v.Subject + ")"}, [2]string{"For", v.EndUser})
	if len(offers) == 0 {
		return api.Browser{}, errOver // What it was limited to is gone.
	}
	o, ok := chosen(offers, e.template)
	if !ok {
		page := browser.Document("Connect an account", "Choose what to connect.", requester, browser.Choice(path(v.ID), "Continue", choices(offers)))
		return api.Browser{Status: http.StatusOK, HTML: page}, nil
	}
	facts := browser.Facts([2]string{"System", o.connector.Name}, [2]string{"Access", strings.Join(o.scopes, ", ")})
	if v.ConnectionID != "" {
		facts += browser.Facts([2]string{"Connection", o.template.Name})
	}
	status, alert := http.StatusOK, ""
	if problem != nil {
		status, alert = http.StatusUnprocessableEntity, browser.Alert(fault.From(problem).Detail)
	}
	button, text := "Connect", "Enter what is needed to reach your account."
	if connect.SignsIn(o.scheme) {
		button, text = "Continue to "+o.connector.Name, "You will be asked to sign in and to agree."
	}
	form := browser.Entry(path(v.ID), button, []browser.Hidden{{Name: "form", Value: e.form}, {Name: "template", Value: o.template.ID}}, fields(v, o, e, problem)...)
	note := browser.Note("Continue only if you asked for this yourself. " + t.Name + " will be able to use the account.")
	return api.Browser{Status: status, HTML: browser.Document("Connect "+o.connector.Name, text, alert, requester, facts, form, note)}, nil
}

// chosen returns the offer of a template, which may be left out where there is
// one only.
func chosen(offers []offer, templateID string) (offer, bool) {
	for _, o := range offers {
		if o.template.ID == templateID || templateID == "" && len(offers) == 1 {
			return o, true
		}
	}
	return offer{}, false
}

func choices(offers []offer) browser.Field {
	f := browser.Field{Name: "template", Label: "System", Required: true}
	for _, o := range offers {
		text := o.connector.Name
		if o.template.Name != text {
			text += ": " + o.template.Name
		}
		f.Options = append(f.Options, browser.Option{Value: o.template.ID, Text: text})
	}
	return f
}

// fields are what the form of an offer asks for.
func fields(v Session, o offer, e entry, problem error) []browser.Field {
	details := map[string]string{}
	if problem != nil {
		for _, f := range fault.From(problem).Fields {
			details[f.Pointer] = f.Detail
		}
	}
	var list []browser.Field
	if v.ConnectionID == "" {
		name := e.name
		if name == "" {
			name = o.connector.Name
		}
		list = append(list, browser.Field{Name: "name", Label: "Name of the connection", Value: name, Required: true, Longest: longestName, Wrong: details["/name"]})
	}
	for _, in := range o.inputs {
		f := field("input.", in)
		if given, ok := e.inputs[in.Name]; ok {
			f.Value = given
		}
		f.Wrong = details["/inputs/"+in.Name]
		list = append(list, f)
	}
	for _, in := range o.scheme.Fields {
		f := field("credential.", in)
		f.Secret, f.Value, f.Wrong = true, "", details["/credential/"+in.Name]
		list = append(list, f)
	}
	return list
}

func field(prefix string, in catalog.Input) browser.Field {
	f := browser.Field{
		Name: prefix + in.Name, Label: in.Title, Help: in.Help, Hint: in.Placeholder, Value: in.Default,
		Required: !in.Optional && in.Default == "", Lines: in.Type == catalog.TypeFile,
		Secret: in.Type == catalog.TypeSecret || in.Type == catalog.TypeFile,
	}
	if in.Type == catalog.TypeEnum {
		if in.Optional {
			f.Options = append(f.Options, browser.Option{})
		}
		for _, value := range in.Enum {
			f.Options = append(f.Options, browser.Option{Value: value, Text: value})
		}
	}
	return f
}

// devicePage tells the person where to enter which code.
func devicePage(system string, started connect.Started) string {
	return browser.Document("Connect "+system, "Open the page on any device and enter the code. You can close this page afterwards.",
		browser.Facts([2]string{"Page", started.Page}, [2]string{"Code", started.UserCode.Reveal()}))
}
