package webhook

// Signature lets a test hold the signature to a published example.
var Signature = signature
