package document

import "github.com/danielgtaylor/huma/v2"

// download is an answer that is saved, part by part.
func download() *huma.Response {
	text := func(doc string) *huma.Header {
		return &huma.Header{Description: doc, Schema: &huma.Schema{Type: huma.TypeString}}
	}
	return &huma.Response{
		Description: "A part of the file.",
		Headers: map[string]*huma.Header{
			"Content-Disposition": text("The file's name."),
			"Tenon-Next-Cursor":   text("The cursor of the next part; absent with the last."),
			"Link":                text("The next part, rel=next."),
		},
		Content: map[string]*huma.MediaType{
			"application/x-ndjson": {Schema: &huma.Schema{Type: huma.TypeString}},
			"text/csv":             {Schema: &huma.Schema{Type: huma.TypeString}},
		},
	}
}
