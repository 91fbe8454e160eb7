import { problemKinds } from '../problems/codes.js';
import { escapeHtml, inlineHtml } from './html.js';

/** Every code with its meaning; a problem's `type` points to its row. */
export function errorsBody(): string {
  const rows = Object.entries(problemKinds)
    .toSorted(([, a], [, b]) => a.status - b.status)
    .map(
      ([code, { status, title, remedy }]) =>
        `<tr id="${code}"><td>${status}</td><td><code>${code}</code></td><td>${escapeHtml(title)}</td><td>${inlineHtml(remedy)}</td></tr>`,
    );
  return (
    '<main class="reading"><p><a href="/docs">Interface</a></p><h1>Errors</h1>' +
    '<p>Every refusal is a problem document (RFC 9457). Compare its <code>code</code>, which is stable, not its texts.</p>' +
    '<div class="scroll"><table><thead><tr><th scope="col">Status</th><th scope="col">Code</th><th scope="col">Meaning</th><th scope="col">What to do</th></tr></thead>' +
    `<tbody>${rows.join('')}</tbody></table></div></main>`
  );
}
