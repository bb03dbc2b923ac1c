import type { LabelNames } from '../labels/renaming.ts'

/** What a book of a label is told: `{"label": …, "was": […]}`. */
export function labelDefinition({ label, was }: LabelNames): string {
  return JSON.stringify({ label, ...(was.length > 0 && { was }) })
}

/** The same, read. */
export function labelsIn(definition: string): LabelNames {
  const { label, was }: { readonly label?: unknown; readonly was?: unknown } = JSON.parse(definition)
  return { label: String(label), was: Array.isArray(was) ? was.map(String) : [] }
}
