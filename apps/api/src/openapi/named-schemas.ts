import { effectSchema, partOptionsSchema, renderOptionsSchema, songSchema } from '@musistrata/render-core';
import {
  audioFileSchema,
  renderErrorSchema,
  renderSchema,
  scoreSummarySchema,
  stemFileSchema,
  warningSchema,
} from '@musistrata/render-queue';
import { z } from 'zod';
import { problemSchema } from '../problems/problem-document.js';
import { submissionSchema } from '../scores/submission-schema.js';

/** Schemas that the document names; all others stand where they are used. */
const named = {
  Render: renderSchema,
  AudioFile: audioFileSchema,
  StemFile: stemFileSchema,
  ScoreSummary: scoreSummarySchema,
  Warning: warningSchema,
  RenderError: renderErrorSchema,
  RenderOptions: renderOptionsSchema,
  PartOptions: partOptionsSchema,
  Effect: effectSchema,
  Song: songSchema,
  Submission: submissionSchema,
  Problem: problemSchema,
} as const;

export type JsonSchema = { [key: string]: unknown };

/** Collects schemas as components of a document; what is sent and what comes back differ where there are defaults. */
export class SchemaComponents {
  readonly schemas: Record<string, JsonSchema> = {};

  constructor() {
    for (const [id, schema] of Object.entries(named)) {
      const known = z.globalRegistry.get(schema) ?? {};
      if (known.id === undefined) z.globalRegistry.add(schema, { ...known, id });
    }
  }

  /** The schema as JSON Schema 2020-12, which is that of OpenAPI 3.1, with references to named schemas. */
  of(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const suffix = io === 'input' ? 'Input' : '';
    const { $schema: _dialect, $defs, ...root } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as JsonSchema;
    for (const [id, definition] of Object.entries(($defs ?? {}) as Record<string, JsonSchema>))
      this.schemas[id + suffix] ??= renamed(definition, suffix);
    const id = z.globalRegistry.get(schema)?.id;
    if (id === undefined) return renamed(root, suffix);
    this.schemas[id + suffix] ??= renamed(root, suffix);
    return { $ref: `#/components/schemas/${id}${suffix}` };
  }
}

function renamed(schema: JsonSchema, suffix: string): JsonSchema {
  const { id: _id, ...rest } = schema;
  return JSON.parse(
    JSON.stringify(rest, (key, value: unknown) =>
      key === '$ref' && typeof value === 'string'
        ? value.replace(/^#\/\$defs\/(.+)$/, `#/components/schemas/$1${suffix}`)
        : value,
    ),
  ) as JsonSchema;
}
