package browser

// Words are what the pages say in one language. A gap is filled with a name that
// somebody else gave: of a system, a tenant, a connection or a page.
type Words struct {
	Error    string // Before the title of a window whose form has to be corrected; gap: the title.
	Optional string // Gap: a label.
	Correct  string // Above a form that has marked fields.
	Invalid  string // Of a field, before what English says of it.
	File     string
	Paste    string

	ConnectAny     string
	ConnectTo      string // Gap: the system.
	ChooseSystem   string
	Asks           string // Gaps: the tenant, the system.
	AsksAny        string // Gap: the tenant.
	AsksAgain      string // Gaps: the tenant, the system.
	SignIn         string
	RequestedBy    string
	For            string
	System         string
	Connection     string
	Access         string
	AccessOfKey    string
	Next           string
	NextSignIn     string // Gap: the system.
	NextAgree      string // Gap: the system.
	NextCode       string // Gap: the system.
	NextVerify     string // Gap: the system.
	NextKept       string
	NextReturn     string // Gap: where the browser goes.
	NextClose      string
	Continue       string
	ContinueTo     string // Gap: the system.
	Connect        string
	Caution        string // Gap: the tenant.
	CautionAgree   string // Gap: the system.
	ConnectionName string

	Several     string
	SeveralText string
	ShowAccount string
	UseAccount  string
	Account     string

	Connected     string
	ConnectedText string
	Close         string
	NotConnected  string
	NotMade       string
	Declined      string
	TryAgain      string
	OneStep       string
	OneStepText   string
	Waiting       string
	WaitingText   string // Gap: the tenant.
	CheckAgain    string
	StartOver     string

	Code        string
	CodeText    string // Gap: the system.
	CodeOpen    string // Gap: the host.
	CodeCheck   string
	CodeNotYet  string
	CodeCaution string

	Unusable     string
	Expired      string
	Elsewhere    string
	Missing      string
	Refused      string
	Unanswered   string
	Busy         string
	Broken       string
	AskNew       string
	StartAgain   string
	RightBrowser string
	Later        string
	Tell         string
	Request      string // Gaps: the id of the request, the status.
}

// Words returns those of a language; of one that is not there, English.
func (l Language) Words() Words {
	switch l {
	case German:
		return german()
	case French:
		return french()
	default:
		return english()
	}
}
