/** The language with the region that the browser writes it for: dates are 27/11 in London, and 11/27 in Boston. */
export function localeOf(language: string): string {
  const own = new Intl.DateTimeFormat().resolvedOptions().locale
  return own.toLowerCase().split('-')[0] === language ? own : language
}
