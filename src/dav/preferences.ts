import type { Preferences } from '../../protocol/dav/headers.ts'

/**
 * The headers that say which preferences an answer took up, and that it would be another without them.
 * @see RFC 7240 §2, §3
 */
export function appliedPreferences(applied: Partial<Preferences>): Readonly<Record<string, string>> {
  const names = [
    ...(applied.minimal ? ['return=minimal'] : []),
    ...(applied.representation ? ['return=representation'] : []),
    ...(applied.depthNoroot ? ['depth-noroot'] : []),
  ]
  return { Vary: 'Brief, Prefer', ...(names.length > 0 && { 'Preference-Applied': names.join(', ') }) }
}
