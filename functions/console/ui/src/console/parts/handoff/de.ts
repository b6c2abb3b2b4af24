import type en from './en.js';

export default {
  'handoff.continue': 'Weiter zu {system}',
  'handoff.opening': '{system} wird geöffnet …',
  'handoff.waiting': 'Melden Sie sich im anderen Tab bei {system} an und stimmen Sie zu. Diese Seite geht von selbst weiter, sobald Sie fertig sind.',
  'handoff.blocked': 'Ihr Browser hat keinen Tab geöffnet. Öffnen Sie die Seite von {system} selbst; diese Seite geht von selbst weiter, sobald Sie fertig sind.',
  'handoff.until': 'Die Anfrage endet {when}.',
  'handoff.trouble': 'Wenn im anderen Tab steht, dass es nicht geklappt hat, öffnen Sie die Seite noch einmal.',
  'handoff.open': '{system} öffnen',
  'handoff.reopen': 'Seite noch einmal öffnen',
  'handoff.again': 'Neu beginnen',
  'handoff.denied': 'Der Zugriff wurde bei {system} abgelehnt. Beginnen Sie neu, um ihn zu gewähren.',
  'handoff.expired': 'Die Verbindung wurde nicht rechtzeitig hergestellt. Beginnen Sie neu.',
  'handoff.device': 'Öffnen Sie die Seite von {system} auf einem beliebigen Gerät und geben Sie diesen Code ein:',
  'handoff.code': 'Code',
  'handoff.secret': 'Wer den Code eingibt, verbindet das eigene Konto. Zeigen Sie ihn niemandem sonst.',
  'handoff.watching': 'Warten, bis der Code eingegeben ist.',
  'handoff.newCode': 'Neuen Code holen',
  'accounts.choose': 'Welches Konto soll verwendet werden?',
  'accounts.use': 'Dieses Konto verwenden',
} satisfies Record<keyof typeof en, string>;
