/** What is said of a file that is nothing known. */
export const unknownFormat =
  'Its name does not end in .vcf, .ics, .vcs, .csv, .tsv or .ldif, and what is in it is none of these.'

/** Why something cannot be a file that is imported; undefined where it can. */
export function otherKind(head: string): string | undefined {
  const found = otherKinds.find(([beginning]) => beginning.test(head))
  if (found) return found[1]
  const isWide = /^(?:\xff\xfe|\xfe\xff)/.test(head)
  const zeros = [0, 0]
  for (const [at, sign] of [...head].entries()) if (sign === '\0') zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  // In UTF-16 they stand at even places or at odd ones.
  return !isWide && zeros.every((count) => count > 0)
    ? 'It is no text, so that nothing in it can be read.'
    : undefined
}

/** How files begin that are something else, whatever they are called. */
const otherKinds: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:\x89PNG|GIF8|\xff\xd8\xff|BM.{4}\0\0\0\0|RIFF.{4}WEBP|.{4}ftyp)/s,
    'It is a picture or a film, with no contacts or events to read.',
  ],
  [/^%PDF-/, 'It is a PDF, out of which no contacts or events can be read.'],
  [
    /^(?:PK\x03\x04|\xd0\xcf\x11\xe0)/,
    'It is a workbook or an archive: save the workbook as CSV, or unpack the archive, and take what is in it.',
  ],
  [
    /^(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)/i,
    'It is a web page, no export: perhaps one had to sign in to get the file.',
  ],
]
