// Chromium as people have it, and what is wrong in any page of any test: an
// uncaught error, a breach of the content security policy, a request that leaves
// this machine.

import { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import { watchAnswers } from './answers.js';

// What playwright switches off by default, without ThirdPartyStoragePartitioning
// and what the versions of Debian do not have. Of a repeated switch Chromium takes
// the last; partitioning.test.js proves it.
const disabledFeatures = [
  'AvoidUnnecessaryBeforeUnloadCheckSync', 'DestroyProfileOnBrowserClose', 'HttpsUpgrades', 'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay', 'MediaRouter', 'PaintHolding', 'AvoidCorsURLLoaderRestartOnRedirect', 'OptimizationHints',
  'NetworkTimeServiceQuerying', 'AimEnabled', 'PreconnectToSearch',
];

const switches = [
  '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
  `--disable-features=${disabledFeatures.join(',')}`,
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost, EXCLUDE *.localhost',
];

/**
 * Launches one browser for the tests of a file. The answer has one method:
 *
 *   const page = await browser.page(t, { scheme: 'dark', width: 390, … });
 *
 * opens an empty page of a new profile, which is closed when the test t is done;
 * the test fails then if anything went wrong in it. Options:
 *
 *   scheme    'light' | 'dark'
 *   width     390 to 1280, in CSS pixels; height follows
 *   motion    'reduce' (default) | 'no-preference'
 *   locale    such as 'de-DE'; becomes Accept-Language
 *   tolerate  regular expressions of what this test provokes on purpose
 */
export function useBrowser() {
  let running;
  before(async () => {
    running = await chromium.launch({ executablePath: process.env.TENON_CHROMIUM || '/usr/bin/chromium', headless: true, args: switches });
  });
  after(() => running?.close());
  return { page: (t, options = {}) => openPage(running, t, options) };
}

async function openPage(browser, t, { scheme = 'light', width = 1280, motion = 'reduce', locale = 'en-US', tolerate = [] }) {
  const context = await browser.newContext({
    colorScheme: scheme, reducedMotion: motion, locale, viewport: { width, height: width < 700 ? 844 : 800 },
  });
  context.setDefaultTimeout(15_000);
  const wrong = [];
  await watch(context, wrong);
  const settled = watchAnswers(context);
  t.after(async () => {
    if (t.error) await describe(context, t);
    await settled();
    for (const page of context.pages()) await page.unrouteAll({ behavior: 'ignoreErrors' }); // Of a handler that still works.
    await context.close();
    const unexpected = wrong.filter((line) => !tolerate.some((pattern) => pattern.test(line)));
    if (unexpected.length > 0) throw new Error(`something went wrong in a page:\n${unexpected.join('\n')}`);
  });
  return context.newPage();
}

/** Says what the pages showed when the test failed, without what stands behind a question mark. */
async function describe(context, t) {
  for (const page of context.pages()) {
    const text = await page.locator('body').ariaSnapshot({ timeout: 1000 }).catch(() => ''); // What elements show is in no text of the body.
    t.diagnostic(`${page.url().split(/[?#]/)[0]} showed: ${text.replace(/\s+/g, ' ').slice(0, 4000)}`);
  }
}

/** Writes what goes wrong in any page of the context into the list. */
async function watch(context, wrong) {
  await context.exposeBinding('tenonViolation', (source, text) => wrong.push(`content security policy: ${text}`));
  await context.addInitScript(() => {
    const report = window.tenonViolation;
    document.addEventListener('securitypolicyviolation', (event) => {
      report(`${event.effectiveDirective} refused ${event.blockedURI} in ${event.documentURI.split('?')[0]} ${event.sample}`);
    });
  });
  context.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) wrong.push(`console: ${message.text()}`);
  });
  context.on('weberror', (error) => wrong.push(`uncaught: ${error.error().stack ?? error.error()}`));
  context.on('request', (request) => {
    if (!stays(request.url())) wrong.push(`request to another machine: ${request.url()}`);
  });
}

/** Reports whether a request stays on this machine. */
function stays(address) {
  const url = new URL(address);
  if (['data:', 'blob:', 'about:', 'chrome-error:'].includes(url.protocol)) return true;
  return /^(127\.0\.0\.1|localhost|\[::1\]|[a-z0-9-]+\.localhost)$/.test(url.hostname);
}
