import type en from './en.js';

export default {
  'connectors.lead': 'Les systèmes connectés, et leur état.',
  'connectors.empty': 'Connectez votre premier système',
  'connectors.emptyLead': 'Choisissez un système, connectez-vous-y ou collez sa clé, et vos intégrations pourront l’utiliser.',
  'connectors.manageAll': 'Gérer les connexions',
  'connectors.count.one': '{count} connexion',
  'connectors.count.other': '{count} connexions',
  'connectors.connection': 'Connexion à {connector}',
  'connectors.manage': 'Gérer {name}',
  'connectors.account': 'Compte :',
  'connectors.noAccount': 'Pas encore de compte',
  'connectors.changed': 'Statut changé {when}',
  'connectors.unnamed': 'Le système n’indique aucun compte',
  'connectors.none': 'Il n’y a aucune connexion de ce genre.',
  'connectors.summary': 'Par statut',
} satisfies Record<keyof typeof en, string>;
