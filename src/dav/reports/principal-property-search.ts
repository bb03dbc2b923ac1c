import { dav } from '../../../protocol/dav/names.ts'
import { readPrincipalPropertySearch } from '../../../protocol/dav/principal-reports.ts'
import { answerMatching, checkConditionCount, requireDepth0 } from '../principals/answer.ts'
import { propertySearchMatcher } from '../principals/searchable.ts'
import { multistatus } from '../reply.ts'
import { isCollection, isHome } from '../resource.ts'
import type { Report } from './report.ts'

/**
 * Principals by their properties. Apple's clients ask a principal without DAV:apply-to-principal-collection-set too, and
 * mean them all (Attendee search); below the homes there are none.
 */
export const principalPropertySearch: Report = {
  name: dav('principal-property-search'),
  rfc: 'RFC 3744 §9.4',
  on: ['root', 'principals', 'principal', 'calendar-home', 'addressbook-home', 'calendar', 'addressbook'],
  answer: async (call, resource, body) => {
    requireDepth0(call)
    const search = readPrincipalPropertySearch(body)
    checkConditionCount(call, search.searches.length)
    const hasNone = isHome(resource) || isCollection(resource)
    if (hasNone && !search.isOfCollections) return multistatus('')
    return answerMatching(call, resource, propertySearchMatcher(search), search)
  },
}
