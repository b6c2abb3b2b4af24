import type en from './en.js';

export default {
  'reason.reauth_required': 'Das System nimmt die Zugangsdaten nicht mehr an. Verbinden Sie das Konto neu.',
  'reason.permissions': 'Das Konto ist verbunden, aber es fehlt eine Berechtigung, die Aufrufe brauchen.',
  'reason.scopes': 'Das System hat nicht gewährt, ohne was die Verbindung nicht auskommt: {scopes}. Verbinden Sie sie neu und stimmen Sie allem zu.',
  'reason.expired': 'Die Zugangsdaten sind abgelaufen. Verbinden Sie das Konto neu oder speichern Sie einen neuen Schlüssel.',
  'reason.verification_failed': 'Die letzte Prüfung des Kontos ist nicht gelungen.',
  'reason.provider_outage': 'Das System antwortet zurzeit nicht richtig. Es muss nichts geändert werden.',
  'reason.rate_limited': 'Das System begrenzt zurzeit die Aufrufe.',
  'reason.refresh_response_lost': 'Die Antwort des Systems auf eine Erneuerung ging verloren, und das alte Token gilt nicht mehr. Verbinden Sie das Konto neu.',
  'reason.key_unavailable': 'Die gespeicherten Zugangsdaten oder der Schlüssel dieses Mandanten können nicht benutzt werden.',
  'reason.disabled': 'Die Verbindung ist deaktiviert.',
  'reason.kill_switch': 'Der Zugriff wurde durch einen Notschalter gesperrt. Verbinden Sie das Konto neu, sobald er aufgehoben ist.',
  'reason.stale': 'Lange hat niemand die Verbindung genutzt; sie wurde angehalten und ihre Zugangsdaten vernichtet. Setzen Sie sie fort und verbinden Sie das Konto neu.',
  'reason.inputs_changed': 'Wer die Integration verwaltet, hat die Adresse des Systems geändert. Verbinden Sie das Konto neu.',
  'reason.deleting': 'Die Verbindung wird gelöscht. Sie ist fort, sobald das System angewiesen ist oder es nicht sein kann.',
  'reason.handoff_open': 'Es wird gewartet, bis die Person, die verbindet, beim System fertig ist.',
  'reason.handoff_expired': 'Die Verbindung wurde nicht rechtzeitig fertig. Beginnen Sie neu.',
  'reason.denied': 'Der Zugriff wurde beim System abgelehnt. Beginnen Sie neu, um ihn zu gewähren.',
  'reason.no_credential': 'Es gibt noch keine Zugangsdaten. Verbinden Sie das Konto.',
  'reason.account_required': 'Die Zustimmung reicht für mehrere Konten. Wählen Sie das zu benutzende.',
} satisfies Record<keyof typeof en, string>;
