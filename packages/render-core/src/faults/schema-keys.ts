import type { z } from 'zod';

type Schema = z.core.$ZodType;

/** What a schema says at its outermost: wrappers taken off, unions opened. */
function alternatives(schema: Schema): z.core.$ZodTypes[] {
  const known = schema as z.core.$ZodTypes;
  const { def } = known._zod;
  switch (def.type) {
    case 'optional':
    case 'default':
    case 'prefault':
    case 'nullable':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return alternatives(def.innerType);
    case 'pipe':
      return alternatives(def.in);
    case 'lazy':
      return alternatives(def.getter());
    case 'union':
      return def.options.flatMap(alternatives);
    default:
      return [known];
  }
}

/** The schemas that a value at this path may follow. */
function schemasAt(schema: Schema, path: readonly PropertyKey[]): z.core.$ZodTypes[] {
  const [step, ...rest] = path;
  if (step === undefined) return alternatives(schema);
  return alternatives(schema).flatMap(({ _zod: { def } }): z.core.$ZodTypes[] => {
    if (def.type === 'array') return schemasAt(def.element, rest);
    if (def.type === 'record') return schemasAt(def.valueType, rest);
    const member = def.type === 'object' && Object.hasOwn(def.shape, step) ? def.shape[String(step)] : undefined;
    return member ? schemasAt(member, rest) : [];
  });
}

/** Names that the object at a path of a schema may have, in the order of the schema. */
export function keysAt(schema: Schema, path: readonly PropertyKey[]): string[] {
  const keys = schemasAt(schema, path).flatMap(({ _zod: { def } }) =>
    def.type === 'object' ? Object.keys(def.shape) : [],
  );
  return [...new Set(keys)];
}

/** Dotted names of everything below the members of an object, lists left out: `master.normalize`. */
export function namesBelow(schema: Schema, path: readonly PropertyKey[]): string[] {
  return keysAt(schema, path).flatMap((key) =>
    [...keysAt(schema, [...path, key]), ...namesBelow(schema, [...path, key])].map((name) => `${key}.${name}`),
  );
}
