package browser

import (
	"html"
	"strconv"
	"strings"
)

// Field is one thing that a form asks for.
type Field struct {
	Name     string
	Label    string
	Help     string
	Hint     string // An example of what is entered.
	English  bool   // Label, help, hint and options are English whatever the page is.
	Value    string // What stands in it; not shown of a secret.
	Options  []Option
	Cards    bool // The options are all shown, one below the other.
	Secret   bool
	File     bool // Chosen as a file, or pasted; Name with FileSuffix is the file.
	Required bool
	Longest  int    // Characters; zero is no limit.
	Wrong    string // What is wrong with what was entered.

	focus bool
}

// FileSuffix makes of a field's name that of the file that may be given instead.
const FileSuffix = ".file"

// Option is one of the values to choose from.
type Option struct {
	Value string
	Text  string
	Note  string
	Mark  string // SVG; empty for none.
}

func (f Field) html(l Language) string {
	label := `<span` + f.tongue() + `>` + html.EscapeString(f.Label) + `</span>`
	if !f.Required {
		label = html.EscapeString(l.Words().Optional)
		label = strings.Replace(label, "%s", `<span`+f.tongue()+`>`+html.EscapeString(f.Label)+`</span>`, 1)
	}
	if f.Cards || f.File {
		inside := f.cards()
		if f.File {
			inside = f.upload(l)
		}
		return `<fieldset class="field"` + f.described() + `><legend>` + label + `</legend>` + inside + f.explained(l) + `</fieldset>`
	}
	return `<div class="field"><label for="` + f.id() + `">` + label + `</label>` + f.control() + f.explained(l) + `</div>`
}

// explained returns the help and what is wrong, which the control refers to.
func (f Field) explained(l Language) string {
	out := ""
	if f.Help != "" {
		out = `<small id="` + f.id() + `-help"` + f.tongue() + `>` + html.EscapeString(f.Help) + `</small>`
	}
	if f.Wrong != "" {
		out += `<strong role="alert" id="` + f.id() + `-wrong">` + l.sentence(f.Wrong) + `</strong>`
	}
	return out
}

func (f Field) control() string {
	attributes := ` id="` + f.id() + `" name="` + html.EscapeString(f.Name) + `"`
	if f.Required && !f.File {
		attributes += " required"
	}
	f.focus = f.focus && !f.File
	attributes += f.condition()
	if len(f.Options) > 0 {
		return `<select` + attributes + f.tongue() + `>` + f.options() + `</select>`
	}
	attributes += ` autocomplete="off" autocapitalize="none" spellcheck="false"`
	if f.Longest > 0 {
		attributes += ` maxlength="` + strconv.Itoa(f.Longest) + `"`
	}
	if f.Hint != "" {
		attributes += ` placeholder="` + html.EscapeString(f.Hint) + `"`
	}
	value := f.Value
	if f.Secret {
		value = ""
	}
	if f.File {
		return `<textarea rows="6"` + attributes + `>` + html.EscapeString(value) + `</textarea>`
	}
	kind := "text"
	if f.Secret {
		kind = "password"
	}
	return `<input type="` + kind + `" value="` + html.EscapeString(value) + `"` + attributes + `>`
}

// upload returns the two ways in which a file is given.
func (f Field) upload(l Language) string {
	w, file := l.Words(), f.id()+FileSuffix
	return `<label class="sub" for="` + file + `">` + html.EscapeString(w.File) + `</label><input type="file" id="` + file + `" name="` + html.EscapeString(f.Name+FileSuffix) + `"` + f.condition() + `>` +
		`<label class="sub" for="` + f.id() + `">` + html.EscapeString(w.Paste) + `</label>` + f.control()
}

// condition says of a control what explains it, and that it is wrong.
func (f Field) condition() string {
	attributes := f.described()
	if f.Wrong != "" {
		attributes += ` aria-invalid="true"`
	}
	if f.focus {
		attributes += " autofocus"
	}
	return attributes
}

// described refers to what explains the control.
func (f Field) described() string {
	var by []string
	if f.Help != "" {
		by = append(by, f.id()+"-help")
	}
	if f.Wrong != "" {
		by = append(by, f.id()+"-wrong")
	}
	if len(by) == 0 {
		return ""
	}
	return ` aria-describedby="` + strings.Join(by, " ") + `"`
}

func (f Field) options() string {
	var b strings.Builder
	for _, o := range f.Options {
		b.WriteString(`<option value="` + html.EscapeString(o.Value) + `"` + f.marked(o, " selected") + `>` + html.EscapeString(o.Text) + `</option>`)
	}
	return b.String()
}

func (f Field) cards() string {
	required := ""
	if f.Required {
		required = " required"
	}
	var b strings.Builder
	for _, o := range f.Options {
		b.WriteString(`<label class="option"><input type="radio" name="` + html.EscapeString(f.Name) + `" value="` + html.EscapeString(o.Value) + `"` +
			f.marked(o, " checked") + required + `>` + picture(o.Mark) + `<span>` + html.EscapeString(o.Text))
		if o.Note != "" {
			b.WriteString(`<small>` + html.EscapeString(o.Note) + `</small>`)
		}
		b.WriteString(`</span></label>`)
	}
	return b.String()
}

func (f Field) marked(o Option, mark string) string {
	if o.Value == f.Value {
		return mark
	}
	return ""
}

// id is that of the control. A name has no spaces, in which a list of ids would
// fall apart.
func (f Field) id() string {
	return html.EscapeString("in-" + strings.ReplaceAll(f.Name, " ", "_"))
}

func (f Field) tongue() string {
	if f.English {
		return ` lang="en"`
	}
	return ""
}
