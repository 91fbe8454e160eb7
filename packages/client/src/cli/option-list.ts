import { renderOptionsSchema } from '@musistrata/render-core/options/render-options.js';
import { z } from 'zod';

export interface ListedOption {
  /** Dotted; N stands for a position in a list. */
  readonly name: string;
  /** What it takes, such as `8000..192000` or `wav | flac`. */
  readonly takes: string;
  /** What it is when it is not set; undefined for nothing. */
  readonly standard: unknown;
  readonly about: string;
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

/** Every option that there is, by the schema that also checks them. */
export function listOptions(): ListedOption[] {
  const listed = new Map<string, ListedOption>();
  collect('', z.toJSONSchema(renderOptionsSchema, { io: 'input', unrepresentable: 'any' }), listed);
  return [...listed.values()];
}

function collect(name: string, schema: JsonSchema, listed: Map<string, ListedOption>): void {
  const { properties, items, description = '' } = schema;
  const alternatives = alternativesOf(schema);
  const plain = alternatives.filter((alternative) => !alternative.properties);
  const isGroup = properties !== undefined || (alternatives.length > 0 && plain.length === 0);
  if (!isGroup && name !== '') {
    const before = listed.get(name);
    const values = takes(plain.length > 0 ? { anyOf: plain } : schema);
    // Alternatives of a group share names: what one of them takes, they take together.
    if (!before) listed.set(name, { name, takes: values, standard: schema.default, about: description });
    else if (schema.const !== undefined) listed.set(name, { ...before, takes: `${before.takes} | ${values}` });
  }
  for (const [key, value] of Object.entries(properties ?? {}))
    if (typeof value === 'object') collect(name === '' ? key : `${name}.${key}`, value, listed);
  if (typeof items === 'object' && !Array.isArray(items)) collect(`${name}.N`, items, listed);
  for (const alternative of alternatives) if (alternative.properties) collect(name, alternative, listed);
}

function alternativesOf(schema: JsonSchema): JsonSchema[] {
  return (schema.anyOf ?? schema.oneOf ?? []).filter((alternative) => typeof alternative === 'object');
}

function takes(schema: JsonSchema): string {
  const alternatives = alternativesOf(schema);
  if (alternatives.length > 0) return [...new Set(alternatives.map(takes))].join(' | ');
  if (schema.enum) return schema.enum.join(' | ');
  if (schema.const !== undefined) return String(schema.const);
  if (schema.minimum !== undefined && schema.maximum !== undefined) return `${schema.minimum}..${schema.maximum}`;
  if (schema.type === 'string') return 'text';
  return schema.type === 'array' ? 'list' : String(schema.type ?? 'anything');
}
