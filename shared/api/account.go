package api

// Accounts are the accounts that the credential of a connection reaches, as the
// system lists them now.
type Accounts struct {
	Items []ListedAccount `json:"items" doc:"At most 500."`
}

// ListedAccount is one account that can be chosen for a connection.
type ListedAccount struct {
	ID          string `json:"id"`
	Name        string `json:"name,omitempty"`
	Kind        string `json:"kind,omitempty" doc:"In the words of the system."`
	Environment string `json:"environment,omitempty" doc:"In the words of the system."`
	URL         string `json:"url,omitempty" doc:"Its address, for people."`
	Selected    bool   `json:"selected" doc:"It is the account of the connection."`
}

// AccountPut chooses one of the accounts that are listed for a connection.
type AccountPut struct {
	ConnectionID       string `json:"-" path:"connectionId"`
	IfMatch            string `json:"-" header:"If-Match" maxLength:"64"`
	DryRun             bool   `json:"-" query:"dryRun" doc:"Say what would happen, and change nothing. The account is verified all the same."`
	AccountID          string `json:"accountId" minLength:"1" maxLength:"256"`
	AllowAccountChange bool   `json:"allowAccountChange,omitempty" doc:"Switch from another account that is chosen already. The flows that use the connection work with the new one from then on."`
}
