import { z } from 'zod'

/** As much of a JSON Schema as is looked at here. */
export interface JsonSchema {
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly [member: string]: unknown
}

/**
 * Writes a schema of ours as JSON Schema.
 * @param name  that it has among the components where it names itself or parts of itself
 * @param side  what is sent to us, or what we answer
 */
export type WriteSchema = (
  name: string,
  schema: z.ZodType,
  side: 'input' | 'output',
  options?: { readonly isNamed?: boolean },
) => JsonSchema

export interface SchemaWriter {
  readonly write: WriteSchema
  /** Those that others refer to. */
  readonly components: Readonly<Record<string, JsonSchema>>
}

/** One for each document. A schema that is recursive becomes a component: there it can be referred to. */
export function createSchemaWriter(): SchemaWriter {
  const components: Record<string, JsonSchema> = {}
  const write: WriteSchema = (name, schema, side, { isNamed = false } = {}) => {
    const { $schema: _, ...whole } = redirected(
      z.toJSONSchema(schema, { io: side, unrepresentable: 'any' }),
      name,
    )
    if (!isNamed && !JSON.stringify(whole).includes('"$ref"')) return whole
    const { $defs = {}, ...root } = whole
    for (const [part, definition] of Object.entries($defs as Record<string, JsonSchema>))
      components[`${name}_${part}`] = definition
    components[name] = root
    return { $ref: `#/components/schemas/${name}` }
  }
  return { write, components }
}

/** With every reference to itself, or to a part of itself, pointing into the components. */
function redirected(schema: object, name: string): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) => {
    if (key !== '$ref' || typeof value !== 'string') return value
    return value
      .replace(/^#\/\$defs\//, `#/components/schemas/${name}_`)
      .replace(/^#$/, `#/components/schemas/${name}`)
  }) as JsonSchema
}
