package session

import (
	"context"
	"net/http"

	"github.com/tenonhq/tenon/shared/api"
	"github.com/tenonhq/tenon/shared/browser"
	"github.com/tenonhq/tenon/shared/catalog"
	"github.com/tenonhq/tenon/shared/connect"
	"github.com/tenonhq/tenon/shared/fault"
	"github.com/tenonhq/tenon/shared/method"
	"github.com/tenonhq/tenon/shared/secret"
	"github.com/tenonhq/tenon/shared/tenant"
)

// entry is what a person entered.
type entry struct {
	language   browser.Language
	template   string
	form       string // The anti-forgery value.
	name       string
	inputs     map[string]string
	credential map[string]secret.Bytes
	doubled    []string // Members of the credential that came as a file and as a text.
}

// draw returns the page: what to choose from, or the form of what was chosen. Of
// what was entered before, nothing secret comes back.
func (s *Service) draw(ctx context.Context, v Session, offers []offer, e entry, problem error) (api.Browser, error) {
	t, err := s.Tenants.Get(ctx, v.Tenant)
	if err != nil {
		return api.Browser{}, err
	}
	if len(offers) == 0 {
		return api.Browser{}, errOver // What it was limited to is gone.
	}
	if o, ok := chosen(offers, e.template); ok {
		return ask(v, t, o, e, problem), nil
	}
	w := e.language.Words()
	page := browser.Page{
		Language: e.language, Title: w.ConnectAny, Text: browser.Say(w.AsksAny, t.Name),
		Parts: []string{requester(w, v, t), browser.Choice(e.language, path(v.ID), w.Continue, nil, choices(w, offers))},
	}
	return api.Browser{Status: http.StatusOK, HTML: page.HTML()}, nil
}

// ask returns the form of an offer, with what is wrong with what was entered.
func ask(v Session, t tenant.Tenant, o offer, e entry, problem error) api.Browser {
	w, system := e.language.Words(), o.connector.Name
	asked := fields(w, v, o, e, problem)
	facts, asks, button, status, alert := requester(w, v, t), w.Asks, w.Connect, http.StatusOK, ""
	if v.ConnectionID != "" {
		asks = w.AsksAgain
		facts = browser.Facts(append(requesting(w, v, t), [2]string{w.Connection, o.template.Name})...)
	}
	if problem != nil {
		status, alert = http.StatusUnprocessableEntity, browser.Alerts(e.language, fault.From(problem), asked)
	}
	if connect.SignsIn(o.scheme) {
		button = browser.Say(w.ContinueTo, system)
	}
	form := browser.Entry(e.language, path(v.ID), button, []browser.Hidden{{Name: "form", Value: e.form}, {Name: "template", Value: o.template.ID}}, asked...)
	page := browser.Page{
		Language: e.language, Title: browser.Say(w.ConnectTo, system), Wrong: problem != nil, Mark: o.mark(), Text: browser.Say(asks, t.Name, system),
		Parts: []string{alert, facts, access(w, o), next(w, v, o), form, browser.Note(browser.Say(w.Caution, t.Name))},
	}
	return api.Browser{Status: status, HTML: page.HTML()}
}

// requester says who asks, and for whom.
func requester(w browser.Words, v Session, t tenant.Tenant) string {
	return browser.Facts(requesting(w, v, t)...)
}

func requesting(w browser.Words, v Session, t tenant.Tenant) [][2]string {
	return [][2]string{{w.RequestedBy, t.Name + " (" + v.Home + "/" + v.Subject + ")"}, {w.For, v.EndUser}}
}

// access says what the application will be able to do.
func access(w browser.Words, o offer) string {
	if len(o.scopes) == 0 {
		return browser.Section(w.Access, w.AccessOfKey)
	}
	return browser.Permissions(w.Access, connect.Permissions(o.scheme, o.scopes))
}

// next says what happens after the form.
func next(w browser.Words, v Session, o offer) string {
	system, back := o.connector.Name, connect.Back(w, v.ReturnURL)
	m, _ := method.For(o.scheme.Type)
	_, device := m.(method.DeviceAuthorizer)
	switch {
	case connect.SignsIn(o.scheme):
		return connect.Next(w, system, v.ReturnURL)
	case device:
		return browser.Steps(w.Next, browser.Say(w.NextCode, system), browser.Say(w.NextAgree, system), back)
	}
	return browser.Steps(w.Next, browser.Say(w.NextVerify, system), w.NextKept, back)
}

// mark is the picture of the system, as SVG.
func (o offer) mark() string { return o.connector.Logo.SVG(o.connector.Name) }

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

func choices(w browser.Words, offers []offer) browser.Field {
	f := browser.Field{Name: "template", Label: w.ChooseSystem, Required: true, Cards: true}
	for _, o := range offers {
		option := browser.Option{Value: o.template.ID, Text: o.connector.Name, Mark: o.mark()}
		if o.template.Name != option.Text {
			option.Note = o.template.Name
		}
		f.Options = append(f.Options, option)
	}
	return f
}

// fields are what the form of an offer asks for.
func fields(w browser.Words, v Session, o offer, e entry, problem error) []browser.Field {
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
		list = append(list, browser.Field{Name: "name", Label: w.ConnectionName, Value: name, Required: true, Longest: longestName, Wrong: details["/name"]})
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
		f.Value, f.Wrong = "", details["/credential/"+in.Name] // A user name, too, comes back to nobody.
		list = append(list, f)
	}
	return list
}

func field(prefix string, in catalog.Input) browser.Field {
	f := browser.Field{
		Name: prefix + in.Name, Label: in.Title, Help: in.Help, Hint: in.Placeholder, Value: in.Default, English: true,
		Required: !in.Optional && in.Default == "", File: in.Type == catalog.TypeFile,
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
