import { renderOptionsSchema } from '@musistrata/render-core';
import { z } from 'zod';
import type { JsonSchema } from './named-schemas.js';

/** The options as query parameters: nested ones by dotted names, lists and alternatives as JSON. */
export function optionParameters(): JsonSchema[] {
  const schema = z.toJSONSchema(renderOptionsSchema, { io: 'input', reused: 'inline' }) as JsonSchema;
  const definitions = (schema.$defs ?? {}) as Record<string, JsonSchema>;
  return parametersOf(resolve(schema, definitions), '', definitions);
}

function parametersOf(schema: JsonSchema, prefix: string, definitions: Record<string, JsonSchema>): JsonSchema[] {
  return Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>).flatMap(([key, property]) => {
    const name = prefix + key;
    const member = resolve(property, definitions);
    if (member.type === 'object' && member.properties !== undefined)
      return parametersOf(member, `${name}.`, definitions);
    const { description, ...rest } = member;
    const common = { name, in: 'query', required: false, ...(description === undefined ? {} : { description }) };
    if (isPlain(member)) return [{ ...common, schema: rest }];
    return [
      {
        ...common,
        description: `${String(description ?? '')} As JSON.`.trim(),
        content: { 'application/json': { schema: {} } },
      },
    ];
  });
}

function resolve(schema: JsonSchema, definitions: Record<string, JsonSchema>): JsonSchema {
  const name = typeof schema.$ref === 'string' ? /^#\/\$defs\/(.+)$/.exec(schema.$ref)?.[1] : undefined;
  return name === undefined
    ? schema
    : { ...definitions[name], ...(schema.description ? { description: schema.description } : {}) };
}

function isPlain(schema: JsonSchema): boolean {
  if (Array.isArray(schema.anyOf)) return (schema.anyOf as JsonSchema[]).every(isPlain);
  return schema.type !== 'object' && schema.type !== 'array';
}
