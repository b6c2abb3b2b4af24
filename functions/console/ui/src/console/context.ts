import type { Api } from '../api/client.js';

/** Configuration is what the page knows of the stage before anybody has signed in. */
export interface Configuration {
  stage: string;
  issuer: string;
  clientId: string;
  scopes: string[];
}

/** Person is who is signed in. */
export interface Person {
  subject: string;
  name: string;
  /** The tenant of the token; org for the organization. */
  home: string;
  scopes: string[];
}

/** Context is what every page of the console works with. */
export interface Context {
  api: Api;
  configuration: Configuration;
  person: Person;
  /** Whose data is shown: the tenant acted for, or that of the token. */
  tenant: string;
  /** may says whether the token has a scope; the API decides all the same. */
  may(scope: string): boolean;
  /** go opens another page of the console: /console/connectors. */
  go(path: string): void;
  /** say tells what happened, on the screen and to those who hear the page. */
  say(text: string): void;
}
