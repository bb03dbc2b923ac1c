import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeText, TextEncodingError } from '../../../protocol/text/decode.ts'

fc.configureGlobal({ seed: 6350 })

const wellFormed = fc.string({ unit: 'binary' })

describe('RFC 6350 §3.1, RFC 5545 §3.1.4 character sets', () => {
  it('reads UTF-8, with and without a byte order mark that is no part of the text', () => {
    expect(decodeText(Buffer.from('Zoë 张'))).toEqual({ text: 'Zoë 张', charset: 'utf-8' })
    expect(decodeText(Buffer.from('\ufeffBEGIN'))).toEqual({ text: 'BEGIN', charset: 'utf-8' })
  })

  it('keeps a zero width no-break space inside the text', () => {
    expect(decodeText(Buffer.from('a\ufeffb')).text).toBe('a\ufeffb')
    expect(decodeText(Buffer.from('\ufeff\ufeffb')).text).toBe('\ufeffb')
  })

  it('reads UTF-16 of both byte orders by its mark', () => {
    const little = Buffer.from('\ufeffBEGIN:VCARD', 'utf16le')
    expect(decodeText(little)).toEqual({ text: 'BEGIN:VCARD', charset: 'utf-16le' })
    const big = Buffer.from(little).swap16()
    expect(decodeText(big)).toEqual({ text: 'BEGIN:VCARD', charset: 'utf-16be' })
    expect(big.subarray(0, 4)).toEqual(Buffer.from([0xfe, 0xff, 0x00, 0x42]))
  })

  it('reads an empty body as an empty text', () => {
    expect(decodeText(new Uint8Array())).toEqual({ text: '', charset: 'utf-8' })
  })

  it.each([
    ['Latin-1', [0x46, 0x4e, 0x3a, 0x5a, 0x6f, 0xeb]],
    ['a sequence cut short', [0x41, 0xe2, 0x82]],
    ['a sequence cut by a fold', [0xc3, 0x0d, 0x0a, 0x20, 0xab]],
    ['an overlong form', [0xc0, 0x80]],
    ['an encoded surrogate', [0xed, 0xa0, 0x80]],
    ['UTF-16 of odd length', [0xff, 0xfe, 0x41]],
    ['big-endian UTF-16 of odd length', [0xfe, 0xff, 0x00]],
    ['a lone surrogate in UTF-16', [0xff, 0xfe, 0x00, 0xd8]],
  ])('refuses %s', (_, bytes) => {
    expect(() => decodeText(Uint8Array.from(bytes))).toThrow(TextEncodingError)
  })

  it('gives back whatever text was encoded', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        fc.pre(!text.startsWith('\ufeff'))
        expect(decodeText(Buffer.from(text)).text).toBe(text)
        expect(decodeText(Buffer.from(`\ufeff${text}`, 'utf16le')).text).toBe(text)
      }),
    )
  })

  it('throws nothing but TextEncodingError on random octets, and leaves them as they were', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const before = Uint8Array.from(bytes)
        try {
          decodeText(bytes)
        } catch (error) {
          expect(error).toBeInstanceOf(TextEncodingError)
        }
        expect(bytes).toEqual(before)
      }),
    )
  })
})
