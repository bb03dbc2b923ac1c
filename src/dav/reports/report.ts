import type { ClarkName } from '../../../protocol/dav/names.ts'
import type { XmlElement } from '../../../protocol/dav/xml-read.ts'
import type { Call } from '../call.ts'
import type { Reply } from '../reply.ts'
import type { Kind, Resource } from '../resource.ts'

/** One REPORT. supported-report-set, and the refusal of reports that are not supported, follow from the table. */
export interface Report {
  readonly name: ClarkName
  readonly rfc: string
  readonly on: readonly Kind[]
  /** What the caller needs on the resource; 'read' without it. */
  readonly privilege?: 'read' | 'read-free-busy' | 'read-acl'
  answer(call: Call, resource: Resource, body: XmlElement): Promise<Reply>
}
