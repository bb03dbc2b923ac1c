import { readAddressData } from '../../../protocol/dav/address-data.ts'
import { carddav } from '../../../protocol/dav/names.ts'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import { escapeText } from '../../../protocol/dav/xml-write.ts'
import { renderAddressData } from '../../features/contacts/address-data.ts'
import { asked } from './property.ts'

/**
 * The card itself as stored, or the properties of it that are asked for. A card is not converted: where another version
 * is asked for, the getter throws, and the card is answered with 415.
 */
export const addressData = asked(carddav('address-data'), {
  rfc: 'RFC 6352 §10.4',
  on: ['card'],
  needs: ['text'],
  read: (element) => {
    const request = element && readAddressData(element)
    const { version, props } = request ?? {}
    return ({ text, full }) => {
      if (text === undefined) return undefined
      if (version !== undefined && (full?.version ?? version) !== version) throw notConverted(version)
      return escapeText(props === undefined ? text : renderAddressData(text, props))
    }
  },
})

/** @see RFC 6352 §5.1.1, §8.7.2 */
function notConverted(version: string): Error {
  const message = `The card is not kept as ${version}.`
  return refuse('supported-address-data-conversion', { status: 415, message })
}
