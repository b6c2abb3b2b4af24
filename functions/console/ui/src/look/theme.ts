import { css } from 'lit';

/**
 * theme is every colour, size and shape, as custom properties that a page around
 * an element may set too: --tenon-accent, --tenon-radius, --tenon-font.
 * Text on its ground has a contrast of 4.5 to 1 at least, in both schemes.
 */
export const theme = css`
  :host {
    color-scheme: light dark;
    --ink: var(--tenon-ink, light-dark(#1b2230, #e9ecf2));
    --soft: light-dark(#556070, #a7b0be);
    --ground: var(--tenon-ground, light-dark(#f6f7f9, #12161d));
    --card: var(--tenon-card, light-dark(#ffffff, #1a2029));
    --raised: light-dark(#eef1f5, #232a35);
    --line: light-dark(#d8dde5, #323b49);
    --edge: light-dark(#7b8696, #7f8a9a);
    --accent: var(--tenon-accent, light-dark(#0b6b64, #54c8bd));
    --accent-ink: var(--tenon-accent-ink, light-dark(#ffffff, #06211f));
    --accent-wash: light-dark(#e2f2f0, #14312f);
    --green: light-dark(#1b6b3a, #6fd698);
    --green-wash: light-dark(#e0f3e6, #16301f);
    --amber: light-dark(#8a4b00, #f3b55f);
    --amber-wash: light-dark(#fdf0d9, #3a2a10);
    --slate: light-dark(#4b5666, #aab4c3);
    --slate-wash: light-dark(#e8ebf0, #29313d);
    --blue: light-dark(#1d55b0, #8db8ff);
    --blue-wash: light-dark(#e4edfc, #182a47);
    --red: light-dark(#a6231f, #ff9b94);
    --red-wash: light-dark(#fde8e7, #3c1a19);
    --radius: var(--tenon-radius, 10px);
    --gap: 1rem;
    --font: var(--tenon-font, system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif);
    --mono: ui-monospace, 'SF Mono', 'Cascadia Code', Consolas, 'Liberation Mono', monospace;
  }
`;
