import { dav } from '../../../protocol/dav/names.ts'
import { asRequest, readExpandProperty } from '../../../protocol/dav/principal-reports.ts'
import { serialize } from '../../../protocol/dav/xml-write.ts'
import { preferencesOf } from '../call.ts'
import { createRenderer } from '../pages.ts'
import { createExpansion } from '../principals/expansion.ts'
import { multistatus } from '../reply.ts'
import type { Report } from './report.ts'

/**
 * Properties with those of whatever their hrefs name in the place of the hrefs: macOS asks for delegates this way, and
 * wants a 207 where there are none (OTH-02). What the caller may not read is 404, as what is not there.
 */
export const expandProperty: Report = {
  name: dav('expand-property'),
  rfc: 'RFC 3253 §3.8',
  on: [
    'principals',
    'principal',
    'proxy',
    'calendar-home',
    'addressbook-home',
    'calendar',
    'addressbook',
    'event',
    'card',
    'file-home',
    'folder',
    'file',
  ],
  answer: async (call, resource, body) => {
    const properties = readExpandProperty(body)
    if (properties.every(({ inner }) => inner.length === 0)) {
      const renderer = createRenderer(call, asRequest(properties), preferencesOf(call).minimal)
      return multistatus(await renderer.one(resource))
    }
    const [response] = await createExpansion(call).expand([resource], properties)
    return multistatus(response ? serialize(response) : '')
  },
}
