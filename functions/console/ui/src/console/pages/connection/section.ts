import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import type { Schemas } from '../../../api/client.js';
import { controls } from '../../../look/controls.js';
import { Page } from '../../page.js';

export type Connection = Schemas['Connection'];

/** Shown is the connection of the page, with its connector. */
export interface Shown {
  connection: Connection;
  connector: Schemas['Connector'];
}

/** Opened is what is asked of a person in a dialog. */
export type Opened = 'reconnect' | 'scopes' | 'replace' | 'edit' | 'account' | 'promote' | 'rollBack' | 'discard' | 'endGrace' | 'disable' | 'move' | 'remove';

const handoffs = new Set(['oauth2_authorization_code', 'oauth2_device_code', 'oauth1']);
const keyPairs = new Set(['client_certificate', 'ssh_key']);

/** schemeOf is the auth scheme that the connection was made with. */
export function schemeOf({ connection, connector }: Shown): Schemas['AuthScheme'] | undefined {
  return connector.authSchemes?.find((s) => s.id === connection.authScheme);
}

/** byHandoff says that a credential comes from the pages of the system, and is never typed. */
export function byHandoff(shown: Shown): boolean { return handoffs.has(schemeOf(shown)?.type ?? ''); }

/** byKeyPair says that the secret half of a credential can be made here. */
export function byKeyPair(shown: Shown): boolean { return keyPairs.has(schemeOf(shown)?.type ?? ''); }

/** renewal is the dialog in which the connection gets another credential. */
export function renewal(shown: Shown): Opened { return byHandoff(shown) ? 'reconnect' : 'replace'; }

/**
 * Section is a part of the page of a connection. What it changes it tells with
 * tenon-changed, whose detail is the connection, or nothing where it has to be
 * read again; what it wants asked in a dialog with tenon-open.
 */
export abstract class Section extends Page {
  static override styles = [...controls, css`
    .stack > .bar { margin-top: 0.25rem; }
    summary { cursor: pointer; display: flex; align-items: center; gap: 0.6rem; list-style: none; min-height: 1.75rem; }
    summary::-webkit-details-marker { display: none; }
    summary::before { content: ''; width: 0.5rem; height: 0.5rem; border: solid var(--soft); border-width: 0 2px 2px 0; transform: rotate(-45deg); flex: none; }
    details[open] > summary::before { transform: rotate(45deg); }
    details[open] > summary { margin-bottom: 1rem; }
    .rows { display: grid; }
    .rows > li { display: grid; gap: 0.35rem; padding: 0.75rem 0; border-top: 1px solid var(--line); }
    .rows > li:first-child { border-top: 0; padding-top: 0; }
    .rows > li:last-child { padding-bottom: 0; }
    fieldset { min-width: 0; margin: 0; padding: 0; border: 0; }
    legend { padding: 0; margin-bottom: 0.6rem; font-weight: 550; }
    [role='status']:empty { position: absolute; } /* It takes no place in a grid, and is heard all the same. */
    .between { display: flex; flex-wrap: wrap; gap: 0.35rem 0.75rem; align-items: baseline; justify-content: space-between; }
    pre { margin: 0; padding: 0.75rem; background: var(--raised); border-radius: var(--radius); white-space: pre-wrap; overflow-wrap: anywhere; font: 0.8rem/1.4 var(--mono); max-height: 12rem; overflow-y: auto; }
  `];

  @property({ attribute: false }) shown!: Shown;

  protected get writable(): boolean { return this.context.may('connections:write'); }

  /** refresh fetches again what a change of the connection may have changed. */
  protected refresh(): void {}

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.get('shown')) this.refresh();
  }

  protected changed(connection?: Connection): void {
    this.dispatchEvent(new CustomEvent('tenon-changed', { detail: connection, bubbles: true, composed: true }));
  }

  protected open(what: Opened): void {
    this.dispatchEvent(new CustomEvent('tenon-open', { detail: what, bubbles: true, composed: true }));
  }

  /** fold draws a part with its heading, which opens and closes it. */
  protected fold(heading: string, content: TemplateResult | typeof nothing, open = !matchMedia('(max-width: 52rem)').matches): TemplateResult {
    return html`<details class="card" ?open=${open}><summary><h2>${heading}</h2></summary><div class="stack">${content}</div></details>`;
  }
}
