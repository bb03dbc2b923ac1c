import sanitizeHtml from 'sanitize-html'

/** Rich text as it may be shown, the same as plain text, and who is mentioned in it. */
export interface RichText {
  readonly html: string
  readonly text: string
  /** Names of accounts and groups as they were written, each once. */
  readonly mentions: readonly string[]
}

/** Mentions of one text at most. */
const mostMentions = 100

const allowed: sanitizeHtml.IOptions = {
  allowedTags: 'p br strong b em i u s a ul ol li blockquote code pre h3 h4 hr span'.split(' '),
  allowedAttributes: { a: ['href', 'rel'], span: ['data-mention'] },
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowProtocolRelative: false,
  disallowedTagsMode: 'discard',
  enforceHtmlBoundary: false,
  nestingLimit: 50,
  transformTags: {
    a: sanitizeHtml.simpleTransform('a', { rel: 'noopener noreferrer nofollow' }, true),
  },
}

/** Text that somebody sends, without all that could run, load or look like something else. */
export function readRichText(sent: string): RichText {
  const html = sanitizeHtml(sent, allowed).trim()
  const mentions = new Set<string>()
  for (const [, name = ''] of html.matchAll(/<span data-mention="([^"]{1,500})"/g)) {
    if (mentions.size < mostMentions) mentions.add(unescapeHtml(name))
  }
  return { html, text: plainText(html), mentions: [...mentions] }
}

/** What is read of it without its form; blocks are lines. */
function plainText(html: string): string {
  const lines = html.replace(/<br \/>|<\/(?:p|li|h3|h4|blockquote|pre)>/g, '\n')
  const bare = sanitizeHtml(lines, { allowedTags: [], allowedAttributes: {} })
  return unescapeHtml(bare)
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** The entities that the sanitiser writes; all others it has read. */
function unescapeHtml(text: string): string {
  return text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, '&')
}
