import type en from './en.js';

export default {
  'reason.reauth_required': 'Le système n’accepte plus les identifiants. Reconnectez le compte.',
  'reason.permissions': 'Le compte est connecté, mais il manque une autorisation dont les appels ont besoin.',
  'reason.scopes': 'Le système n’a pas accordé ce dont la connexion ne peut se passer : {scopes}. Reconnectez-la et acceptez tout.',
  'reason.expired': 'Les identifiants ont expiré. Reconnectez le compte ou enregistrez une nouvelle clé.',
  'reason.verification_failed': 'La dernière vérification du compte n’a pas réussi.',
  'reason.provider_outage': 'Le système ne répond pas correctement en ce moment. Il n’y a rien à changer.',
  'reason.rate_limited': 'Le système limite les appels en ce moment.',
  'reason.refresh_response_lost': 'La réponse du système à un renouvellement s’est perdue et l’ancien jeton n’est plus accepté. Reconnectez le compte.',
  'reason.key_unavailable': 'Les identifiants enregistrés, ou la clé de chiffrement de ce client, ne peuvent pas être utilisés.',
  'reason.disabled': 'La connexion est désactivée.',
  'reason.kill_switch': 'L’accès a été coupé par un arrêt d’urgence. Reconnectez le compte une fois celui-ci levé.',
  'reason.stale': 'Personne n’a utilisé la connexion depuis longtemps : elle a été suspendue et ses identifiants détruits. Reprenez-la et reconnectez le compte.',
  'reason.inputs_changed': 'L’adresse du système a été changée par la personne qui gère l’intégration. Reconnectez le compte.',
  'reason.deleting': 'La connexion est en cours de suppression. Elle disparaît dès que le système est averti, ou ne peut pas l’être.',
  'reason.handoff_open': 'On attend que la personne qui connecte ait terminé dans le système.',
  'reason.handoff_expired': 'La connexion n’a pas été terminée à temps. Recommencez.',
  'reason.denied': 'L’accès a été refusé dans le système. Recommencez pour l’accorder.',
  'reason.no_credential': 'Il n’y a pas encore d’identifiants. Connectez le compte.',
  'reason.account_required': 'Le consentement couvre plusieurs comptes. Choisissez celui à utiliser.',
} satisfies Record<keyof typeof en, string>;
