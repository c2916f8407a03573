import { chromium, type Browser } from 'playwright-core';
import { requireTool } from './real-tools.js';

/** Debian's own. */
export const chromiumTool = requireTool('chromium');

/** A real browser without a window, which asks nobody for anything by itself. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: [
      // The tests run as root in containers, where the sandbox cannot start.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
