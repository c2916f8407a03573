import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%230d9488'/%3E%3Cpath d='M5 17h6l3-8 5 15 3-7h5' fill='none' stroke='white' stroke-width='3' stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

/** Nothing is loaded, run or framed but what carries the nonce; strings do not become markup, in browsers that can tell. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

/** The whole page; what it shows it asks for itself. `isOpen` is whether it may, or has to ask for a token first. */
export async function sendPage(res: ServerResponse, isOpen: boolean): Promise<void> {
  // At the first page only: a service that shows none does not carry it in memory.
  const { script, style } = await import('../page-assets.js');
  const nonce = randomBytes(18).toString('base64');
  const html = pageHtml({ nonce, script, style, isOpen });
  res.writeHead(isOpen ? 200 : 401, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(html),
    'Content-Security-Policy': policy(nonce),
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    ...(isOpen ? {} : { 'WWW-Authenticate': 'Bearer' }),
  });
  // Node itself leaves the body out of the answer to HEAD.
  res.end(html);
}

interface PageParts {
  readonly nonce: string;
  readonly script: string;
  readonly style: string;
  readonly isOpen: boolean;
}

function pageHtml({ nonce, script, style, isOpen }: PageParts): string {
  return `<!doctype html>
<html lang="en" data-access="${isOpen ? 'open' : 'token'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>Ops console</title>
<link rel="icon" href="${ICON}">
<style nonce="${nonce}">${style}</style>
</head>
<body>
<noscript>This page needs JavaScript. The same facts as JSON: add /snapshot to its address.</noscript>
<script nonce="${nonce}">${script}</script>
</body>
</html>
`;
}
