import { html, nothing, type TemplateResult } from 'lit';

const marks = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\((https:\/\/[^\s()]+)\)/g;
const item = /^\s*(?:[-*]|\d+\.)\s+/;

/**
 * markdown draws the part of Markdown that texts of the catalog use: paragraphs,
 * lists, code, bold and links to https. Anything else stays text; no HTML of a text
 * gets into the page.
 */
export function markdown(text: string): TemplateResult[] {
  return text.split(/\n\s*\n/).filter((block) => block.trim()).map(blockOf);
}

function blockOf(block: string): TemplateResult {
  const lines = block.trim().split('\n');
  if (!lines.every((l) => item.test(l))) return html`<p>${inline(lines.join(' '))}</p>`;
  const items = lines.map((l) => html`<li>${inline(l.replace(item, ''))}</li>`);
  return /^\s*\d/.test(lines[0]!) ? html`<ol class="listed">${items}</ol>` : html`<ul class="listed">${items}</ul>`;
}

function inline(text: string) {
  const parts: unknown[] = [];
  let end = 0;
  for (const match of text.matchAll(marks)) {
    const [all, code, bold, label, href] = match;
    parts.push(text.slice(end, match.index), code ? html`<code>${code}</code>` : bold ? html`<strong>${bold}</strong>` : html`<a href=${href!} target="_blank" rel="noopener noreferrer">${label}</a>`);
    end = match.index + all.length;
  }
  return [...parts, text.slice(end) || nothing];
}
