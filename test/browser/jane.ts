import { call } from '../api/json.ts'
import { card } from '../dav/objects.ts'
import type { Account } from '../dav/server.ts'

const pixel =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

export const janesLines = [
  'NICKNAME:Janie',
  'ORG:Millner & Söhne;Research',
  'TITLE:Head of Research',
  'TEL;TYPE=CELL,PREF:+49 171 1234567',
  'TEL;TYPE=WORK:+49 30 998877',
  'item1.TEL:+49 40 5555',
  'item1.X-ABLabel:Boat',
  'EMAIL;TYPE=WORK:jane@millner.example',
  'ADR;TYPE=WORK:;;Hauptstr. 5;Berlin;;10115;Germany',
  'item2.ADR:;;1600 Pennsylvania Ave;Washington;DC;20500;USA',
  'item2.X-ABADR:us',
  'URL:https://millner.example/jane',
  'BDAY:1980-05-17',
  'item3.X-ABDATE:2010-06-05',
  'item3.X-ABLabel:_$!<Anniversary>!$_',
  'item4.X-ABRELATEDNAMES:Tom Doe',
  'item4.X-ABLabel:_$!<Spouse>!$_',
  'CATEGORIES:Friends,Chess',
  'NOTE:Likes green tea.\\nKnows the archive.',
  'X-ODD-THING;X-P=1:keep me',
  `PHOTO;ENCODING=b;TYPE=PNG:${pixel}`,
]

/** Somebody with a company and a colleague, and what was written down of her. */
export async function jane(alice: Account): Promise<{ readonly id: number; readonly company: number }> {
  const lines = ['ORG:Millner & Söhne', 'X-ABShowAs:COMPANY', 'TEL;TYPE=WORK:+49 30 998800']
  await alice.put(`${alice.contacts}millner.vcf`, card('millner', 'Millner & Söhne', lines))
  await alice.put(`${alice.contacts}jane.vcf`, card('jane', 'Jane Doe', janesLines))
  const { items } = (await call(alice, 'GET', '/parties')).json
  const idOf = (name: string): number => items.find((item: { name: string }) => item.name === name).id
  const id = idOf('Jane Doe')
  await call(alice, 'POST', '/activities', {
    ...{ kind: 'call', parties: [id], direction: 'out', minutes: 12, outcome: 'Will send the plans' },
    html: '<p>Talked about the <b>archive</b>.</p>',
  })
  await call(alice, 'POST', '/activities', {
    ...{ kind: 'note', parties: [id], isPinned: true, html: '<p>Never call before ten.</p>' },
  })
  return { id, company: idOf('Millner & Söhne') }
}
