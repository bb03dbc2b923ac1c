/** Media types by the ending of a name, for files whose client said none. */
const byEnding: Readonly<Record<string, string>> = {
  '7z': 'application/x-7z-compressed',
  avi: 'video/x-msvideo',
  avif: 'image/avif',
  bmp: 'image/bmp',
  bz2: 'application/x-bzip2',
  css: 'text/css',
  csv: 'text/csv',
  doc: 'application/msword',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  eml: 'message/rfc822',
  epub: 'application/epub+zip',
  flac: 'audio/flac',
  gif: 'image/gif',
  gz: 'application/gzip',
  heic: 'image/heic',
  htm: 'text/html',
  html: 'text/html',
  ics: 'text/calendar',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'text/javascript',
  json: 'application/json',
  m4a: 'audio/mp4',
  md: 'text/markdown',
  mkv: 'video/x-matroska',
  mov: 'video/quicktime',
  mp3: 'audio/mpeg',
  mp4: 'video/mp4',
  odp: 'application/vnd.oasis.opendocument.presentation',
  ods: 'application/vnd.oasis.opendocument.spreadsheet',
  odt: 'application/vnd.oasis.opendocument.text',
  ogg: 'audio/ogg',
  pdf: 'application/pdf',
  png: 'image/png',
  ppt: 'application/vnd.ms-powerpoint',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  rtf: 'application/rtf',
  svg: 'image/svg+xml',
  tar: 'application/x-tar',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  txt: 'text/plain',
  vcf: 'text/vcard',
  wav: 'audio/wav',
  webm: 'video/webm',
  webp: 'image/webp',
  xls: 'application/vnd.ms-excel',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  xml: 'application/xml',
  zip: 'application/zip',
}

/** The media type to serve a file with: what its client said, else what its name says. */
export function mediaTypeOfFile({ name, mediaType }: { name: string; mediaType: string | null }): string {
  if (mediaType !== null) return mediaType
  const ending = /\.([A-Za-z0-9]+)$/.exec(name)?.[1]?.toLowerCase() ?? ''
  return (Object.hasOwn(byEnding, ending) ? byEnding[ending] : undefined) ?? 'application/octet-stream'
}

/** Types that say nothing: what clients send when they do not know. */
const general: ReadonlySet<string> = new Set([
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'binary/octet-stream',
])

const maxLength = 255

/** The media type to keep for a file, from a Content-Type header; null where it says nothing, or is none. */
export function keptMediaType(header: string | undefined): string | null {
  const type = header?.trim() ?? ''
  const [, name = ''] = /^([\w.+!#$&^-]+\/[\w.+!#$&^-]+)\s*(?:;[\x20-\x7e]*)?$/.exec(type) ?? []
  return name === '' || general.has(name.toLowerCase()) || type.length > maxLength ? null : type
}

/** Types that a browser shows without running anything that is in them. */
const inert: ReadonlySet<string> = new Set([
  'image/avif',
  'image/bmp',
  'image/gif',
  'image/jpeg',
  'image/png',
  'image/webp',
  'text/plain',
])

/** Whether a browser may show a file where it is; everything else it is to save. */
export function isInert(mediaType: string): boolean {
  const type = mediaType.split(';', 1).join('').trim().toLowerCase()
  return inert.has(type) || type.startsWith('audio/') || type.startsWith('video/')
}
