import { readContentType } from '../../../protocol/dav/headers.ts'
import { type ClarkName, cs } from '../../../protocol/dav/names.ts'
import { refuse, refuseStatus } from '../../../protocol/dav/preconditions.ts'
import type { XmlElement } from '../../../protocol/dav/xml-read.ts'
import { allowedOn } from '../allow.ts'
import { type Call, readXmlBody } from '../call.ts'
import type { Reply } from '../reply.ts'
import { inviteReply } from '../sharing/invite-reply.ts'
import { share } from '../sharing/share.ts'
import { mustFind } from '../tree.ts'
import { addMember } from './add-member.ts'

/** What is done with a document of each root. */
const documents: Readonly<Record<ClarkName, (call: Call, body: XmlElement) => Promise<Reply>>> = {
  [cs('share')]: share,
  [cs('invite-reply')]: inviteReply,
}

/** A document says by its root what it wants; everything else is a new member of the collection. */
export async function post(call: Call): Promise<Reply> {
  const { store, session, location } = call
  const type = readContentType(call.headers['content-type'])?.type ?? ''
  const isXml = /^(application|text)\/xml$/.test(type)
  if (!isXml && location.kind !== 'home') return addMember(call)
  const resource = await store.read((reader) => mustFind(reader, session, location))
  const methods = allowedOn(resource.kind)
  if (!methods.includes('POST'))
    throw refuseStatus(405, 'Nothing is posted here.', { Allow: methods.join(', ') })
  if (!isXml) throw refuseStatus(415, 'What is posted to a home is XML.')
  const body = await readXmlBody(call)
  const answer = body && Object.hasOwn(documents, body.name) ? documents[body.name] : undefined
  if (answer && body) return answer(call, body)
  throw refuse('valid-request', { message: 'This document asks for nothing that is done here.' })
}
