import { html } from 'lit';

/**
 * mark draws the mark of a connector. An image runs no script, whatever its SVG
 * holds. The name stands beside it, so it says nothing to those who hear the page.
 */
export function mark(logo: string | undefined) {
  return logo ? html`<img class="mark" alt="" src=${`data:image/svg+xml,${encodeURIComponent(logo)}`} />` : html`<span class="mark" aria-hidden="true"></span>`;
}
