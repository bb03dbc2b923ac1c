import type { AddressDataRequest } from '../vcard/filter-types.ts'
import { carddav } from './names.ts'
import { refuse, refuseStatus } from './preconditions.ts'
import { child, children, type XmlElement } from './xml-read.ts'

/**
 * Reads what of each card a CARDDAV:address-data in a request wants. Odd attributes are passed over (VDS-07).
 * @throws refuse('supported-address-data') for anything but vCards, refuseStatus(400) when a property has no name
 * @see RFC 6352 §10.4
 */
export function readAddressData(request: XmlElement): AddressDataRequest {
  const contentType = request.attributes.get('content-type')?.toLowerCase()
  if (contentType !== undefined && !/^text\/vcard\s*(?:;|$)/.test(contentType.trim())) {
    throw refuse('supported-address-data', { message: 'Cards are given as text/vcard.' })
  }
  const version = request.attributes.get('version')
  const allprop = child(request, carddav('allprop')) !== undefined
  const props = children(request, carddav('prop'))
  return {
    ...(contentType !== undefined && { contentType }),
    ...(version !== undefined && { version }),
    allprop,
    props: allprop || props.length === 0 ? undefined : props.map(selectedName),
  }
}

function selectedName(element: XmlElement): string {
  const name = element.attributes.get('name')?.trim() ?? ''
  if (name === '') throw refuseStatus(400, 'A prop has no name.')
  return name.toUpperCase()
}
