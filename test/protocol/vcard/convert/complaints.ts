import { parseVCards } from 'vcard4-ts'

/** Values that are URIs, whose commas need no escape (RFC 6350 §4.2); vcard4-ts reads them as texts. */
const uris = 'PHOTO LOGO SOUND KEY GEO RELATED URL SOURCE MEMBER IMPP UID BIRTHPLACE DEATHPLACE'.split(' ')

/**
 * What vcard4-ts says of a card of 4.0, but for two things in which it is mistaken: commas in URIs, and commas in
 * quoted parameters (RFC 6350 §3.3, QSAFE-CHAR).
 */
export function complaintsAbout(text: string): string[] {
  const { vCards, nags } = parseVCards(text, true)
  const all = [...(nags ?? []), ...(vCards ?? []).flatMap((card) => card.nags ?? [])]
  return all.flatMap(({ key, attributes }) => {
    const property = attributes !== undefined && 'property' in attributes ? attributes.property : ''
    if (key === 'VALUE_UNESCAPED_COMMA' && uris.includes(property)) return []
    return key === 'PARAM_UNESCAPED_COMMA' ? [] : `${key} ${property}`
  })
}
