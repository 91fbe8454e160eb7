import type { JsonSchema } from '../openapi/named-schemas.js';
import type { OpenApiDocument } from '../openapi/openapi-document.js';
import { escapeHtml, inlineHtml } from './html.js';
import { schemaHtml } from './schema-html.js';

/** The OpenAPI document as a page that needs no script. */
export function docsBody(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const sections = document.tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => (operation.tags as string[]).includes(name));
    return `<section><h2 id="${name}">${capital(name)}</h2><p>${inlineHtml(description)}</p>${own.map(operationHtml).join('')}</section>`;
  });
  const links = operations.map(
    ({ path, method, operation }) =>
      `<li><a href="#${String(operation.operationId)}"><code>${method.toUpperCase()} ${escapeHtml(path)}</code></a> ${inlineHtml(String(operation.summary))}</li>`,
  );
  const schemas = Object.entries((document.components.schemas ?? {}) as Record<string, JsonSchema>).map(
    ([name, schema]) =>
      `<article class="card"><h3 id="schema-${name}"><code>${name}</code></h3>${schemaHtml(schema)}</article>`,
  );
  return (
    '<main class="reading"><h1>Musistrata Render</h1>' +
    `<p>${inlineHtml(String(document.info.description))}</p>` +
    '<p><a href="/openapi.json">OpenAPI document</a> · <a href="/docs/errors">Errors</a> · <a href="/">Web page</a></p>' +
    '<h2>From score to file</h2><pre><code>curl -H "Accept: audio/wav" -H "Prefer: wait=60" --data-binary @song.mid -o song.wav \\\n  "http://localhost:8080/v1/renders?master.normalize=loudness"</code></pre>' +
    `<nav aria-label="Requests"><ul class="plain">${links.join('')}</ul></nav>${sections.join('')}` +
    `<section><h2 id="schemas">Schemas</h2>${schemas.join('')}</section></main>`
  );
}

interface Operation {
  readonly path: string;
  readonly method: string;
  readonly operation: JsonSchema;
}

function operationHtml({ path, method, operation }: Operation): string {
  const description = operation.description === undefined ? '' : `<p>${inlineHtml(String(operation.description))}</p>`;
  return (
    `<article class="card"><h3 id="${String(operation.operationId)}"><code>${method.toUpperCase()} ${escapeHtml(path)}</code></h3>` +
    `<p><strong>${inlineHtml(String(operation.summary))}</strong></p>${description}` +
    parametersHtml(operation.parameters as JsonSchema[]) +
    bodyHtml(operation.requestBody as JsonSchema | undefined) +
    responsesHtml(operation.responses as Record<string, JsonSchema>) +
    '</article>'
  );
}

function parametersHtml(parameters: readonly JsonSchema[]): string {
  if (parameters.length === 0) return '';
  const rows = parameters.map((parameter) => {
    const required = parameter.required === true ? ' <em>required</em>' : '';
    const schema = parameter.schema === undefined ? 'JSON' : schemaHtml(parameter.schema as JsonSchema);
    return `<tr><td><code>${escapeHtml(String(parameter.name))}</code>${required}</td><td>${escapeHtml(String(parameter.in))}</td><td>${schema}</td><td>${inlineHtml(String(parameter.description ?? ''))}</td></tr>`;
  });
  const table = `<div class="scroll"><table><thead><tr><th scope="col">Parameter</th><th scope="col">In</th><th scope="col">Type</th><th scope="col">Meaning</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
  return parameters.length > 8
    ? `<details><summary>${parameters.length} parameters</summary>${table}</details>`
    : table;
}

function bodyHtml(body: JsonSchema | undefined): string {
  if (body === undefined) return '';
  const types = Object.entries((body.content ?? {}) as Record<string, JsonSchema>);
  const items = types.map(([type, { schema, example }]) => {
    const shown =
      example === undefined ? '' : `<pre><code>${escapeHtml(JSON.stringify(example, null, 2))}</code></pre>`;
    return `<li><code>${escapeHtml(type)}</code> ${schema === undefined ? '' : schemaHtml(schema as JsonSchema)}${shown}</li>`;
  });
  return `<h4>Body</h4><p>${inlineHtml(String(body.description))}</p><ul>${items.join('')}</ul>`;
}

function responsesHtml(responses: Record<string, JsonSchema>): string {
  const rows = Object.entries(responses).map(([status, answer]) => {
    const types = Object.entries((answer.content ?? {}) as Record<string, JsonSchema>);
    const shown = types.map(
      ([type, { schema }]) =>
        `<code>${escapeHtml(type)}</code> ${schema === undefined ? '' : schemaHtml(schema as JsonSchema)}`,
    );
    return `<tr><td>${status}</td><td>${inlineHtml(String(answer.description))}</td><td>${shown.join('<br>')}</td></tr>`;
  });
  return `<h4>Answers</h4><div class="scroll"><table><thead><tr><th scope="col">Status</th><th scope="col">When</th><th scope="col">Content</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
