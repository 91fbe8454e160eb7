import type { JsonSchema } from '../openapi/named-schemas.js';
import { escapeHtml, inlineHtml } from './html.js';

/** A JSON Schema in words, short where it is simple. */
export function schemaHtml(schema: JsonSchema): string {
  const reference = typeof schema.$ref === 'string' ? schema.$ref.split('/').at(-1)! : null;
  if (reference !== null) return `<a href="#schema-${reference}"><code>${reference}</code></a>`;
  const description = typeof schema.description === 'string' ? ` ${inlineHtml(schema.description)}` : '';
  const alternatives = (schema.anyOf ?? schema.oneOf) as JsonSchema[] | undefined;
  if (alternatives) return `${alternatives.map(schemaHtml).join(' <em>or</em> ')}${description}`;
  if (schema.type === 'object' && schema.properties !== undefined) return description + membersHtml(schema);
  if (schema.type === 'array') return `list of ${schemaHtml((schema.items ?? {}) as JsonSchema)}${description}`;
  return valueHtml(schema) + description;
}

function membersHtml(schema: JsonSchema): string {
  const required = new Set((schema.required ?? []) as string[]);
  const items = Object.entries(schema.properties as Record<string, JsonSchema>).map(
    ([name, member]) =>
      `<dt><code>${escapeHtml(name)}</code>${required.has(name) ? '' : ' <em>optional</em>'}</dt><dd>${schemaHtml(member)}</dd>`,
  );
  return `<dl>${items.join('')}</dl>`;
}

function valueHtml(schema: JsonSchema): string {
  if (schema.const !== undefined) return `<code>${escapeHtml(JSON.stringify(schema.const))}</code>`;
  if (Array.isArray(schema.enum))
    return schema.enum.map((value) => `<code>${escapeHtml(String(value))}</code>`).join(', ');
  const facts = [String(schema.type ?? 'any')];
  if (schema.format !== undefined) facts.push(String(schema.format));
  if (schema.minimum !== undefined || schema.maximum !== undefined) facts.push(range(schema.minimum, schema.maximum));
  if (schema.default !== undefined) facts.push(`default ${JSON.stringify(schema.default)}`);
  return escapeHtml(facts.join(', '));
}

/** Bounds that only say "any integer" are left out. */
function range(minimum: unknown, maximum: unknown): string {
  const low = typeof minimum === 'number' && minimum > Number.MIN_SAFE_INTEGER ? `from ${minimum}` : '';
  const high = typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER ? `to ${maximum}` : '';
  return `${low} ${high}`.trim() || 'whole';
}
