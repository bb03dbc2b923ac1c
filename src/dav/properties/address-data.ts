import { readAddressData } from '../../../protocol/dav/address-data.ts'
import { carddav } from '../../../protocol/dav/names.ts'
import { escapeText } from '../../../protocol/dav/xml-write.ts'
import { renderAddressData } from '../../features/contacts/address-data.ts'
import { asked } from './property.ts'

/** The card itself as stored, or the properties of it that are asked for. */
export const addressData = asked(carddav('address-data'), {
  rfc: 'RFC 6352 §10.4',
  on: ['card'],
  needs: ['text'],
  read: (element) => {
    const request = element && readAddressData(element)
    const props = request?.allprop ? undefined : request?.props
    return ({ text }) => {
      if (text === undefined) return undefined
      return escapeText(props === undefined ? text : renderAddressData(text, props))
    }
  },
})
