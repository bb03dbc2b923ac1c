import type { AddressDataRequest, PropSelection } from '../vcard/filter-types.ts'
import { carddav } from './names.ts'
import { refuse, refuseStatus } from './preconditions.ts'
import { child, children, type XmlElement } from './xml-read.ts'

/**
 * Reads what of each card a CARDDAV:address-data in a request wants. Odd attributes are passed over (VDS-07).
 * @throws refuse('supported-address-data') for anything but vCard 3.0 and 4.0
 * @throws refuseStatus(400) when a property has no name, or `novalue` is neither yes nor no
 * @see RFC 6352 §10.4
 */
export function readAddressData(request: XmlElement): AddressDataRequest {
  const contentType = request.attributes.get('content-type')?.toLowerCase()
  if (contentType !== undefined && !/^text\/vcard\s*(?:;|$)/.test(contentType.trim())) {
    throw refuse('supported-address-data', { message: 'Cards are given as text/vcard.' })
  }
  const version = request.attributes.get('version')?.trim()
  if (version !== undefined && version !== '3.0' && version !== '4.0') {
    throw refuse('supported-address-data', { message: `Cards are given as 3.0 or 4.0, not as ${version}.` })
  }
  const allprop = child(request, carddav('allprop')) !== undefined
  const props = children(request, carddav('prop'))
  return {
    ...(version !== undefined && { version }),
    ...(allprop || props.length === 0 ? {} : { props: props.map(readSelection) }),
  }
}

function readSelection(element: XmlElement): PropSelection {
  const name = element.attributes.get('name')?.trim() ?? ''
  if (name === '') throw refuseStatus(400, 'A prop has no name.')
  const novalue = element.attributes.get('novalue') ?? 'no'
  if (novalue !== 'yes' && novalue !== 'no') throw refuseStatus(400, 'The novalue of a prop is yes or no.')
  return { name: name.toUpperCase(), novalue: novalue === 'yes' }
}
