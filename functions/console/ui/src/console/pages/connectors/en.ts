export default {
  'connectors.lead': 'The systems that are connected, and how they are.',
  'connectors.empty': 'Connect your first system',
  'connectors.emptyLead': 'Choose a system, sign in there or paste its key, and your integrations can use it.',
  'connectors.count.one': '{count} connection',
  'connectors.count.other': '{count} connections',
  'connectors.connection': 'Connection of {connector}',
  'connectors.manage': 'Manage {name}',
  'connectors.manageAll': 'Manage connections',
  'connectors.none': 'No connection of these is there.',
  'connectors.summary': 'By status',
} as const;
