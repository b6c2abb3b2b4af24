import type en from './en.js';

export default {
  'connections.title': 'Connexions',
  'connections.lead': 'Tous les comptes connectés, au même endroit.',
  'connections.empty': 'Rien n’est encore connecté',
  'connections.emptyLead': 'Choisissez un système, connectez-vous-y ou collez sa clé, et la connexion apparaîtra ici.',
  'connections.none': 'Aucune connexion ne correspond à ces filtres.',
  'connections.clear': 'Afficher toutes les connexions',
  'connections.filters': 'Filtres',
  'connections.shown.one': '{count} connexion affichée.',
  'connections.shown.other': '{count} connexions affichées.',
  'connections.name': 'Nom',
  'connections.connector': 'Système',
  'connections.environment': 'Environnement',
  'connections.status': 'Statut',
  'connections.account': 'Compte',
  'connections.noAccount': 'Aucun pour l’instant',
  'connections.lastUsed': 'Dernière utilisation',
  'connections.neverUsed': 'Jamais',
  'connections.flows': 'Flux actifs',
} satisfies Record<keyof typeof en, string>;
