import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { evaluatePreconditions } from '../http/preconditions.js';
import { Problem } from '../problems/problem.js';

/** A page that needs nothing but this server. */
export interface Page {
  readonly html: Buffer;
  readonly etag: string;
  /** Allows the style of this page by its digest and scripts of this server, and nothing else. */
  readonly contentSecurityPolicy: string;
}

/**
 * Puts a page together from its parts.
 * @param parts.script address of a script on this server
 * @param parts.mediaOrigin where its audio may come from beside this server
 */
export function makePage(parts: {
  readonly title: string;
  readonly style: string;
  readonly body: string;
  readonly script?: string;
  readonly mediaOrigin?: string | null;
}): Page {
  const script = parts.script === undefined ? '' : `<script type="module" src="${parts.script}"></script>\n`;
  const html = Buffer.from(
    `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n` +
      `<meta name="color-scheme" content="light dark">\n<link rel="icon" href="data:,">\n<title>${parts.title}</title>\n` +
      `<style>${parts.style}</style>\n</head>\n<body>\n${parts.body}\n${script}</body>\n</html>\n`,
  );
  const styleDigest = createHash('sha256').update(parts.style).digest('base64');
  return {
    html,
    etag: `"${createHash('sha256').update(html).digest('base64url').slice(0, 27)}"`,
    contentSecurityPolicy: [
      "default-src 'none'",
      `style-src 'sha256-${styleDigest}'`,
      `script-src ${parts.script === undefined ? "'none'" : "'self'"}`,
      "connect-src 'self'",
      `media-src ${["'self'", 'blob:', parts.mediaOrigin].filter(Boolean).join(' ')}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
  };
}

/**
 * Answers with a page.
 * @throws Problem precondition-failed.
 */
export function sendPage(request: IncomingMessage, response: ServerResponse, page: Page): void {
  response.setHeader('ETag', page.etag);
  response.setHeader('Cache-Control', 'no-cache');
  const precondition = evaluatePreconditions(request.headers, page);
  if (precondition === 'failed') throw Problem.preconditionFailed();
  if (precondition === 'not-modified') {
    response.writeHead(304).end();
    return;
  }
  response.setHeader('Content-Security-Policy', page.contentSecurityPolicy);
  response.setHeader('Content-Type', 'text/html; charset=utf-8');
  response.setHeader('Content-Length', page.html.length);
  response.writeHead(200).end(page.html);
}
