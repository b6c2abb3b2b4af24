// Accessibility: the rules of axe-core for WCAG 2.2, levels A and AA.

import axeCore from 'axe-core';

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * Asserts that a page, or one frame of it, breaks no rule. The engine is evaluated
 * by the debugger, which a content security policy does not bind; preload would
 * request style sheets.
 */
export async function assertAccessible(page, { exclude = [] } = {}) {
  await page.evaluate(axeCore.source);
  const violations = await page.evaluate(async ([values, excluded]) => {
    const result = await window.axe.run({ exclude: excluded }, { runOnly: { type: 'tag', values }, preload: false, resultTypes: ['violations'] });
    return result.violations;
  }, [standards, exclude.map((selector) => [selector])]);
  if (violations.length > 0) throw new Error(`${page.url().split('?')[0]} is not accessible:\n${violations.map(describe).join('\n')}`);
}

function describe({ id, impact, help, nodes }) {
  const places = nodes.map((node) => `    ${node.target.flat().join(' ')}: ${node.failureSummary.replace(/\s+/g, ' ')}`);
  return `  ${id} (${impact}): ${help}\n${places.join('\n')}`;
}
