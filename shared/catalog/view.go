package catalog

import (
	"context"
	"slices"

	"github.com/tenonhq/tenon/shared/api"
)

// API returns the connector as a page shows it: without endpoints, hosts and
// placements.
func (c Connector) API() api.Connector {
	view := api.Connector{
		ID: c.ID, Name: c.Name, Description: c.Description, Categories: c.Categories, Entities: c.Entities,
		RateLimit: c.RateLimit, Latency: c.Latency, Network: c.Network, Logo: c.Logo.SVG(c.Name), CheckedAt: c.CheckedAt(),
		AuthSchemes: make([]api.AuthScheme, 0, len(c.Schemes)),
	}
	for _, scheme := range c.Schemes {
		view.AuthSchemes = append(view.AuthSchemes, c.viewScheme(scheme))
	}
	view.Guide = viewSteps(c.Guide)
	for _, sunset := range c.Sunsets {
		view.Sunsets = append(view.Sunsets, api.Sunset(sunset))
	}
	return view
}

// Card returns the connector as a list shows it.
func (c Connector) Card() api.ConnectorCard {
	card := api.ConnectorCard{ID: c.ID, Name: c.Name, Description: c.Description, Categories: c.Categories, Logo: c.Logo.SVG(c.Name)}
	for _, scheme := range c.Schemes {
		if !slices.Contains(card.AuthSchemes, scheme.Type) {
			card.AuthSchemes = append(card.AuthSchemes, scheme.Type)
		}
	}
	return card
}

func (c Connector) viewScheme(s Scheme) api.AuthScheme {
	view := api.AuthScheme{
		ID: s.ID, Type: s.Type, Name: s.Name, Inputs: viewInputs(c.InputsFor(s)), Fields: viewInputs(s.Fields),
		Form: c.Form(s), Accounts: s.Accounts != nil, Rotation: viewSteps(s.Rotation),
	}
	if s.OAuth != nil {
		for _, scope := range s.OAuth.Scopes {
			view.Scopes = append(view.Scopes, scope.API())
		}
	}
	return view
}

func viewInputs(inputs []Input) []api.Input {
	var views []api.Input
	for _, in := range inputs {
		views = append(views, api.Input{
			Name: in.Name, Title: in.Title, Help: in.Help, Type: in.Type, Enum: in.Enum, Pattern: in.Pattern,
			Default: in.Default, Placeholder: in.Placeholder, Optional: in.Optional, Secret: in.secret(), Global: in.Global, Docs: in.Docs,
		})
	}
	return views
}

func viewSteps(steps []GuideStep) []api.GuideStep {
	var views []api.GuideStep
	for _, step := range steps {
		views = append(views, api.GuideStep(step))
	}
	return views
}

// Cards returns the connectors that pass the filter, as a list shows them.
func (c Catalog) Cards(ctx context.Context, f Filter) ([]api.ConnectorCard, error) {
	found, err := c.All(ctx, f)
	if err != nil {
		return nil, err
	}
	cards := make([]api.ConnectorCard, len(found))
	for i, connector := range found {
		cards[i] = connector.Card()
	}
	return cards, nil
}
