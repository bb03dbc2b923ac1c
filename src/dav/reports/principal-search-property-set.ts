import { dav } from '../../../protocol/dav/names.ts'
import { element, escapeText, fixedDeclarations } from '../../../protocol/dav/xml-write.ts'
import { requireDepth0 } from '../principals/answer.ts'
import { searchable } from '../principals/searchable.ts'
import { xmlType } from '../reply.ts'
import type { Report } from './report.ts'

/** The properties by which principals can be found. */
export const principalSearchPropertySet: Report = {
  name: dav('principal-search-property-set'),
  rfc: 'RFC 3744 §9.5',
  on: ['root', 'principals', 'principal'],
  answer: async (call) => {
    requireDepth0(call)
    return { status: 200, headers: { 'Content-Type': xmlType }, body: document }
  },
}

const properties = searchable.map(({ name, description }) => {
  const text = `<d:description xml:lang="en">${escapeText(description)}</d:description>`
  return element(dav('principal-search-property'), element(dav('prop'), element(name)) + text)
})

const root = 'd:principal-search-property-set'
const document = `<?xml version="1.0" encoding="utf-8"?>\n<${root}${fixedDeclarations}>${properties.join('')}</${root}>`
