import { dav } from '../../../protocol/dav/names.ts'
import { refuseStatus } from '../../../protocol/dav/preconditions.ts'
import { children, type XmlElement } from '../../../protocol/dav/xml-read.ts'
import { type Call, preferencesOf } from '../call.ts'
import { createRenderer } from '../pages.ts'
import { multistatus } from '../reply.ts'
import type { Resource } from '../resource.ts'
import type { Report } from './report.ts'

/**
 * The properties asked for by name and namespace, as PROPFIND has them. The hrefs in them are given as they are:
 * macOS asks for delegates this way, and wants a 207 where there are none (OTH-02).
 */
export const expandProperty: Report = {
  name: dav('expand-property'),
  rfc: 'RFC 3253 §3.8',
  on: ['principal', 'calendar-home', 'addressbook-home', 'calendar', 'addressbook'],
  answer: async (call: Call, resource: Resource, body: XmlElement) => {
    const elements = children(body, dav('property')).map((property): XmlElement => {
      const name = property.attributes.get('name')
      if (!name || !/^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(name)) {
        throw refuseStatus(400, 'A DAV:property needs the name of an element.')
      }
      const namespace = property.attributes.get('namespace') ?? 'DAV:'
      return { name: `{${namespace}}${name}`, attributes: new Map(), children: [], lang: undefined }
    })
    const renderer = createRenderer(call, { kind: 'prop', elements }, preferencesOf(call).minimal)
    return multistatus(await renderer.one(resource))
  },
}
