import type en from './en.js';

export default {
  'connectors.lead': 'Die verbundenen Systeme, und wie es um sie steht.',
  'connectors.empty': 'Verbinden Sie Ihr erstes System',
  'connectors.emptyLead': 'Wählen Sie ein System, melden Sie sich dort an oder fügen Sie seinen Schlüssel ein, und Ihre Integrationen können es nutzen.',
  'connectors.manageAll': 'Verbindungen verwalten',
  'connectors.count.one': '{count} Verbindung',
  'connectors.count.other': '{count} Verbindungen',
  'connectors.connection': 'Verbindung zu {connector}',
  'connectors.manage': '{name} verwalten',
  'connectors.account': 'Konto:',
  'connectors.noAccount': 'Noch kein Konto',
  'connectors.changed': 'Status geändert {when}',
  'connectors.unnamed': 'Das System nennt kein Konto',
  'connectors.none': 'Davon gibt es keine Verbindung.',
  'connectors.summary': 'Nach Status',
} satisfies Record<keyof typeof en, string>;
