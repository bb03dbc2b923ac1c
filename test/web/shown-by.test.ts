import { describe, expect, it } from 'vitest'
import { keysOf, restOf } from '../../src/web/client/shown-by.ts'

describe('what is read again when something happens', () => {
  it('is one person alone where the event says which', () => {
    expect(keysOf({ kind: 'role-added', party: { id: 7 } })).toContainEqual(['party', 7])
    expect(keysOf({ kind: 'object-put' })).toContainEqual(['party'])
  })

  it('is the timeline for a note, and no address book', () => {
    const keys = keysOf({ kind: 'note-added', party: { id: 7 } }).map(([first]) => first)
    expect(keys).toContain('timeline')
    expect(keys).not.toContain('books')
  })

  it('is a link, what is followed and a device where their collection or its objects change', () => {
    const names = (kind: string) => keysOf({ kind }).map(([first]) => first)
    expect(names('collection-deleted')).toEqual(expect.arrayContaining(['links', 'subscriptions']))
    expect(names('object-put')).toEqual(expect.arrayContaining(['subscriptions', 'devices']))
  })

  it('rests longer where all people are counted', () => {
    expect(restOf(['letters'])).toBeGreaterThan(restOf(['party', 7]))
  })

  it('is all that is known of people for a kind that is new', () => {
    expect(keysOf({ kind: 'of-tomorrow' })).toContainEqual(['parties'])
  })
})
