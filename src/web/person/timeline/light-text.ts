/**
 * Rich text of what somebody types: empty lines part paragraphs, `-` begins a point of a list, `**bold**`, `*slanted*`,
 * links as they are, and `@name` mentions an account. The server leaves out what is not allowed.
 */
export function htmlOf(text: string): string {
  const blocks = text.trim().split(/\n{2,}/)
  return blocks.map(blockOf).join('')
}

function blockOf(block: string): string {
  if (block === '') return ''
  const lines = block.split('\n')
  if (lines.every((line) => /^[-*] /.test(line)))
    return `<ul>${lines.map((line) => `<li>${inlineOf(line.slice(2))}</li>`).join('')}</ul>`
  return `<p>${lines.map(inlineOf).join('<br>')}</p>`
}

const special: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function inlineOf(line: string): string {
  return line
    .replace(/[&<>"]/g, (character) => special[character] ?? '')
    .replace(/\*\*([^*]+)\*\*/g, '<b>$1</b>')
    .replace(/(^|\s)\*([^*\s][^*]*)\*/g, '$1<i>$2</i>')
    .replace(/\bhttps?:\/\/[^\s<]+[^\s<.,;:!?)]/g, '<a href="$&">$&</a>')
    .replace(/(^|[\s(])@([\p{L}\p{N}][\p{L}\p{N}._-]*)/gu, '$1<span data-mention="$2">@$2</span>')
}

/** Rich text as somebody would type it, to be edited. */
export function typedOf(html: string): string {
  const page = new DOMParser().parseFromString(html, 'text/html')
  return [...page.body.childNodes]
    .map(typedNode)
    .join('')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

function typedNode(node: Node): string {
  if (!(node instanceof HTMLElement)) return node.textContent ?? ''
  const inner = [...node.childNodes].map(typedNode).join('')
  switch (node.tagName) {
    case 'BR':
      return '\n'
    case 'B':
    case 'STRONG':
      return `**${inner}**`
    case 'I':
    case 'EM':
      return `*${inner}*`
    case 'LI':
      return `- ${inner}\n`
    case 'P':
    case 'UL':
    case 'OL':
    case 'BLOCKQUOTE':
    case 'PRE':
    case 'H3':
    case 'H4':
      return `${inner}\n\n`
    default:
      return inner
  }
}
