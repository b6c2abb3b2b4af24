import type en from './en.js';

export default {
  'connections.title': 'Verbindungen',
  'connections.lead': 'Alle verbundenen Konten an einem Ort.',
  'connections.empty': 'Noch ist nichts verbunden',
  'connections.emptyLead': 'Wählen Sie ein System, melden Sie sich dort an oder fügen Sie seinen Schlüssel ein, dann erscheint die Verbindung hier.',
  'connections.none': 'Zu diesen Filtern passt keine Verbindung.',
  'connections.clear': 'Alle Verbindungen zeigen',
  'connections.filters': 'Filter',
  'connections.shown.one': '{count} Verbindung wird gezeigt.',
  'connections.shown.other': '{count} Verbindungen werden gezeigt.',
  'connections.name': 'Name',
  'connections.connector': 'System',
  'connections.environment': 'Umgebung',
  'connections.status': 'Status',
  'connections.account': 'Konto',
  'connections.noAccount': 'Noch keines',
  'connections.lastUsed': 'Zuletzt benutzt',
  'connections.neverUsed': 'Nie',
  'connections.flows': 'Aktive Flows',
} satisfies Record<keyof typeof en, string>;
