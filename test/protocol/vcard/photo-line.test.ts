import { describe, expect, it } from 'vitest'
import { type ContentLine, readContentLines } from '../../../protocol/text/content-lines.ts'
import { cropDigest, imageType, linesAt, scaleCrop, withPhoto } from '../../../protocol/vcard/photo-line.ts'

function read(text: string): ContentLine {
  const [line] = readContentLines(text)
  if (!line || 'broken' in line) throw new Error(text)
  return line
}

describe('RFC 2426 §3.1.4, RFC 6350 §6.2.4 a photo with other octets', () => {
  const jpeg = { base64: 'AAAA', mediaType: 'image/jpeg' }

  it.each([
    ['PHOTO;ENCODING=b;TYPE=JPEG:BBBB', 'PHOTO;ENCODING=b;TYPE=JPEG:AAAA'],
    ['item1.PHOTO;ENCODING=b;TYPE=jpg,pref:BBBB', 'item1.PHOTO;ENCODING=b;TYPE=jpg,pref:AAAA'],
    ['PHOTO;TYPE=WEBP;ENCODING=BASE64;X-P="a;b":', 'PHOTO;TYPE=JPEG;ENCODING=BASE64;X-P="a;b":AAAA'],
    ['PHOTO;TYPE=image/heic;ENCODING=b:BBBB', 'PHOTO;TYPE=image/jpeg;ENCODING=b:AAAA'],
    ['PHOTO;TYPE=home:data:image/webp;base64,BBBB', 'PHOTO;TYPE=home:data:image/jpeg;base64,AAAA'],
    [
      'PHOTO;MEDIATYPE=image/webp:data:image/webp;base64,',
      'PHOTO;MEDIATYPE=image/jpeg:data:image/jpeg;base64,AAAA',
    ],
    ['PHOTO;VALUE=uri:data:image/png\\;base64\\,BBBB', 'PHOTO;VALUE=uri:data:image/jpeg;base64,AAAA'],
  ])('%s', (before, after) => {
    expect(withPhoto(read(before), jpeg).replaceAll('\r\n ', '')).toBe(`${after}\r\n`)
  })

  it('its crop rectangle is given, left, taken away, or new', () => {
    const line = read('PHOTO;X-ABCROP-RECTANGLE=ABClipRect_1&0&0&9&9&x==;ENCODING=b:BBBB')
    const crops = [undefined, null, 'ABClipRect_1&1&1&4&4&y=='].map((crop) =>
      withPhoto(line, { ...jpeg, crop }),
    )
    expect(crops).toEqual([
      'PHOTO;X-ABCROP-RECTANGLE=ABClipRect_1&0&0&9&9&x==;ENCODING=b:AAAA\r\n',
      'PHOTO;ENCODING=b:AAAA\r\n',
      'PHOTO;X-ABCROP-RECTANGLE=ABClipRect_1&1&1&4&4&y==;ENCODING=b:AAAA\r\n',
    ])
    const bare = withPhoto(read('PHOTO;ENCODING=b:BBBB'), { ...jpeg, crop: 'ABClipRect_1&1&1&4&4&y==' })
    expect(bare).toBe('PHOTO;X-ABCROP-RECTANGLE=ABClipRect_1&1&1&4&4&y==;ENCODING=b:AAAA\r\n')
  })

  it('a crop rectangle of another size, and none of one that cannot be read', () => {
    const [from, to] = [
      { width: 1_000, height: 500 },
      { width: 500, height: 250 },
    ]
    expect(scaleCrop('ABClipRect_1&-10&20&301&400&old==', from, to, 'new==')).toBe(
      'ABClipRect_1&-5&10&151&200&new==',
    )
    expect(scaleCrop('ABClipRect_1&a&20&301&400&old==', from, to, 'new==')).toBeUndefined()
    expect(scaleCrop('ABClipRect_1&1&2&3&4&o==', { width: 0, height: 0 }, to, 'new==')).toBeUndefined()
    expect(['ABClipRect_1&0&0&671&671&Nh68TCRv7GErj8P8mk8qCA==', 'ABClipRect_1'].map(cropDigest)).toEqual([
      'Nh68TCRv7GErj8P8mk8qCA==',
      undefined,
    ])
  })

  it('formats are known by their first octets', () => {
    const types = [
      '/9j/4AAQ',
      'iVBORw0KGgo=',
      'R0lGODlh',
      'UklGRgAAAABXRUJQ',
      'AAAAHGZ0eXBhdmlm',
      'AAAAHGZ0eXBoZWlj',
      'PHN2Zz4=',
    ]
    expect(types.map((text) => imageType(Buffer.from(text, 'base64')))).toEqual([
      ...['image/jpeg', 'image/png', 'image/gif', 'image/webp', 'image/avif', 'image/heic'],
      undefined,
    ])
    expect(imageType(Buffer.alloc(0))).toBeUndefined()
  })

  it('the line at an offset, its folds with it', () => {
    const text = 'A:1\r\nPHOTO:x\r\n y\r\nbroken\r\nB:2'
    expect(linesAt(text, [0, 4, 5, 12, 17, 19, 26, 29, 99]).map((line) => line?.name)).toEqual([
      ...['A', 'A', 'PHOTO', 'PHOTO', 'PHOTO', undefined, 'B', undefined, undefined],
    ])
  })
})
