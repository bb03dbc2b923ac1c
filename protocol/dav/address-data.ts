import type { AddressDataRequest, PropSelection } from '../vcard/filter-types.ts'
import { readAskedType } from './asked-type.ts'
import { carddav } from './names.ts'
import { refuse, refuseStatus } from './preconditions.ts'
import { child, children, type XmlElement } from './xml-read.ts'

/**
 * Reads what of each card a CARDDAV:address-data in a request wants, and in which form. Odd attributes are passed over
 * (VDS-07).
 * @throws refuse('supported-address-data') for anything but vCard 3.0 and 4.0, and jCard
 * @throws refuseStatus(400) when a property has no name, or `novalue` is neither yes nor no
 * @see RFC 6352 §10.4
 */
export function readAddressData(request: XmlElement): AddressDataRequest {
  const form = readForm(request)
  const allprop = child(request, carddav('allprop')) !== undefined
  const props = children(request, carddav('prop'))
  return {
    ...(form !== undefined && { form }),
    ...(allprop || props.length === 0 ? {} : { props: props.map(readSelection) }),
  }
}

/** jCard has no other version than 4.0. @see RFC 7095 §3.2 */
function readForm(request: XmlElement): AddressDataRequest['form'] {
  const { type = 'text/vcard', version } = readAskedType(request)
  switch (type) {
    case 'text/vcard':
      if (version === undefined || version === '3.0' || version === '4.0') return version
      break
    case 'application/vcard+json':
      if (version === undefined || version === '4.0') return 'jcard'
      break
  }
  const asked = version === undefined ? type : `${type} ${version}`
  const message = `Cards are given as text/vcard 3.0 or 4.0, or as application/vcard+json, not as ${asked}.`
  throw refuse('supported-address-data', { message })
}

function readSelection(element: XmlElement): PropSelection {
  const name = element.attributes.get('name')?.trim() ?? ''
  if (name === '') throw refuseStatus(400, 'A prop has no name.')
  const novalue = element.attributes.get('novalue') ?? 'no'
  if (novalue !== 'yes' && novalue !== 'no') throw refuseStatus(400, 'The novalue of a prop is yes or no.')
  return { name: name.toUpperCase(), novalue: novalue === 'yes' }
}
