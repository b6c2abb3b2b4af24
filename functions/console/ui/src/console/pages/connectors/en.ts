export default {
  'connectors.lead': 'The systems that are connected, and how they are.',
  'connectors.empty': 'Connect your first system',
  'connectors.emptyLead': 'Choose a system, sign in there or paste its key, and your integrations can use it.',
  'connectors.manageAll': 'Manage connections ({count})',
  'connectors.connection': 'Connection of {connector}',
  'connectors.manage': 'Manage {name}',
  'connectors.account': 'Account:',
  'connectors.noAccount': 'No account yet',
  'connectors.changed': 'Status changed {when}',
  'connectors.unnamed': 'The system names no account',
  'connectors.none': 'No connection of these is there.',
  'connectors.summary': 'By status',
} as const;
