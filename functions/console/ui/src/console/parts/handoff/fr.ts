import type en from './en.js';

export default {
  'handoff.continue': 'Continuer vers {system}',
  'handoff.opening': 'Ouverture de {system} …',
  'handoff.waiting': 'Connectez-vous à {system} dans l’autre onglet et donnez votre accord. Cette page continue d’elle-même dès que vous avez terminé.',
  'handoff.blocked': 'Votre navigateur n’a pas ouvert d’onglet. Ouvrez vous-même la page de {system} ; cette page continue d’elle-même dès que vous avez terminé.',
  'handoff.until': 'La demande prend fin {when}.',
  'handoff.trouble': 'Si l’autre onglet indique un échec, rouvrez la page.',
  'handoff.open': 'Ouvrir {system}',
  'handoff.reopen': 'Rouvrir la page',
  'handoff.again': 'Recommencer',
  'handoff.denied': 'L’accès a été refusé chez {system}. Recommencez pour l’accorder.',
  'handoff.expired': 'La connexion n’a pas été établie à temps. Recommencez.',
  'handoff.device': 'Ouvrez la page de {system} sur l’appareil de votre choix et saisissez ce code :',
  'handoff.code': 'Code',
  'handoff.secret': 'Qui saisit ce code connecte son propre compte. Ne le montrez à personne d’autre.',
  'handoff.watching': 'En attente de la saisie du code.',
  'handoff.newCode': 'Obtenir un nouveau code',
  'accounts.choose': 'Quel compte faut-il utiliser ?',
  'accounts.use': 'Utiliser ce compte',
} satisfies Record<keyof typeof en, string>;
