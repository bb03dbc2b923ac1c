import { createHash } from 'node:crypto'
import type { Answer } from '../../api/route.ts'

/** Those in which strangers are told something: those of the web app. */
const languages = ['en', 'de', 'fr', 'es', 'nl', 'ru', 'el'] as const

export type Language = (typeof languages)[number]

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;background:Canvas;color:CanvasText}
main{max-width:46rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem;overflow-wrap:anywhere}
p{margin:0 0 1rem}
nav ol,ul{list-style:none;margin:0 0 1rem;padding:0}
nav li{display:inline}
nav li+li::before{content:"/";padding-inline:.4rem}
ul{border-block-start:1px solid color-mix(in srgb,CanvasText 20%,Canvas)}
li{overflow-wrap:anywhere}
ul li{display:flex;flex-wrap:wrap;gap:0 1rem;border-block-end:1px solid color-mix(in srgb,CanvasText 20%,Canvas)}
ul a,ul b{flex:1 1 9rem;padding-block:.6rem;font-weight:inherit}
h2{font-size:1.125rem;margin:1.5rem 0 .5rem}
code{overflow-wrap:anywhere}
ul span{padding-block:.6rem;font-variant-numeric:tabular-nums}
a:focus-visible{outline:3px solid Highlight;outline-offset:2px}`

/** Nothing runs in these pages, and nothing is fetched for them. */
const pagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
  ...["frame-ancestors 'none'", "base-uri 'none'", "form-action 'none'"],
].join('; ')

/** The first of the languages that somebody reads in which there is a page. @see RFC 9110 §12.5.4 */
export function pageLanguage(accepted = ''): Language {
  const asked = accepted
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...rest] = part.trim().toLowerCase().split(';')
      const weight = /q=([\d.]+)/.exec(rest.join(';'))?.[1]
      return { tag: tag.split('-')[0] ?? '', weight: weight === undefined ? 1 : Number(weight) }
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight)
  return asked.flatMap(({ tag }) => languages.find((one) => one === tag) ?? [])[0] ?? 'en'
}

/** Of all that strangers are given. */
export const publicHeaders = {
  'Cache-Control': 'no-cache',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Robots-Tag': 'noindex',
} as const

/** A page as it is answered. @param vary  what it depends on beside the language */
export function paper(status: number, body: string, vary = ''): Answer<string> {
  return {
    status,
    body,
    headers: {
      ...publicHeaders,
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': pagePolicy,
      Vary: `${vary}Accept-Language`,
    },
  }
}

/** A page of its own, for somebody who is not signed in. @param parts  HTML */
export function page(language: Language, title: string, parts: readonly string[]): string {
  const head = [
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(title)}</title><style>${style}</style>`,
  ].join('')
  const body = `<main><h1>${escaped(title)}</h1>${parts.join('')}</main>`
  return `<!doctype html><html lang="${language}"><head>${head}</head><body>${body}</body></html>`
}

const special: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** A text as it stands in HTML. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => special[character] ?? '')
}
