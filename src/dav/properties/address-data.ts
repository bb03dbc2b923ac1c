import { readAddressData } from '../../../protocol/dav/address-data.ts'
import { carddav } from '../../../protocol/dav/names.ts'
import { refuse } from '../../../protocol/dav/preconditions.ts'
import { escapeText } from '../../../protocol/dav/xml-write.ts'
import { formUnasked } from '../../features/devices/card-forms.ts'
import { serveCard } from '../../features/devices/serve.ts'
import { readerOf } from '../call.ts'
import { asked } from './property.ts'

/**
 * The card in the version that is asked for, or the properties of it that are; octet for octet what GET gives in that version
 * (ABK-09). A card that cannot be given as jCard is answered with 415.
 */
export const addressData = asked(carddav('address-data'), {
  rfc: 'RFC 6352 §10.4',
  on: ['card'],
  needs: ['text'],
  read: (element, ask) => {
    const { form, props } = element ? readAddressData(element) : {}
    const { convertedLines: maxLines } = ask.settings.limits
    const wanted = { form: form ?? formUnasked(readerOf(ask)), props, maxLines }
    return ({ text, full }) => {
      if (text === undefined) return undefined
      const { version = null, uid = null } = full ?? {}
      const given = serveCard({ text, version, uid }, wanted)
      if (given === undefined) throw notConverted()
      return escapeText(given)
    }
  },
})

/** @see RFC 6352 §5.1.1, §8.7.2 */
function notConverted(): Error {
  const message = 'The card cannot be read, and so not be given as jCard.'
  return refuse('supported-address-data-conversion', { status: 415, message })
}
