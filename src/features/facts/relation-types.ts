/** What people are to each other, with what the one is to whoever is that of him. */
const pairs: readonly (readonly [type: string, inverse: string])[] = [
  ['spouse', 'spouse'],
  ['partner', 'partner'],
  ['parent', 'child'],
  ['mother', 'child'],
  ['father', 'child'],
  ['child', 'parent'],
  ['son', 'parent'],
  ['daughter', 'parent'],
  ['sibling', 'sibling'],
  ['brother', 'sibling'],
  ['sister', 'sibling'],
  ['grandparent', 'grandchild'],
  ['grandchild', 'grandparent'],
  ['kin', 'kin'],
  ['friend', 'friend'],
  ['acquaintance', 'acquaintance'],
  ['neighbor', 'neighbor'],
  ['co-resident', 'co-resident'],
  ['sweetheart', 'sweetheart'],
  ['colleague', 'colleague'],
  ['co-worker', 'co-worker'],
  ['manager', 'report'],
  ['report', 'manager'],
  ['assistant', 'assisted'],
  ['assisted', 'assistant'],
  ['agent', 'principal'],
  ['principal', 'agent'],
  ['emergency', 'emergency-of'],
  ['emergency-of', 'emergency'],
  ['referred-by', 'referred'],
  ['referred', 'referred-by'],
  ['contact', 'contact'],
  ['met', 'met'],
]

const inverses: ReadonlyMap<string, string> = new Map(pairs)

/** The types that everybody knows; most of them are those of RFC 6350 §6.6.6. */
export const relationTypes = pairs.map(([type, inverse]) => ({ type, inverse }))

/** A type as it is kept: those that everybody knows in lower case, own ones as they are written. */
export function typeNamed(given: string): string {
  const folded = given.trim().toLowerCase()
  return inverses.has(folded) ? folded : given.trim().replace(/\s+/g, ' ')
}

/** What the party is to somebody who is this to him. @param given  of a type of one's own */
export function inverseOf(type: string, given: string | undefined): string {
  return inverses.get(type) ?? typeNamed(given ?? type)
}
