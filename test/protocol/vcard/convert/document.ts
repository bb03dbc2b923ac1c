import type { Conversion } from '../../../../protocol/vcard/convert/conversion.ts'

/** The document beside the table of conversions. */
export function documentOf(conversions: readonly Conversion[]): string {
  const rows = conversions.map(({ about, three, four, note, rfc }) =>
    [about, three, four, note ?? '', rfc].map((cell) => cell.replaceAll('|', '\\|')).join(' | '),
  )
  return [
    '# vCard 3.0 and 4.0',
    '',
    'How a card of one version is given as the other, property by property. This page is made from `table.ts` by its test',
    '(`npx vitest run --config config/vitest.config.ts -u test/protocol/vcard/convert/table.test.ts`).',
    '',
    'Laws: what one version cannot hold is kept under `X-`; converting there and back changes nothing after the first time;',
    'no parameter of 4.0 stands in a 3.0 card under its own name; lines that need no change stay byte for byte.',
    '',
    'Property or parameter | in 3.0 | in 4.0 | to be known | source',
    '--- | --- | --- | --- | ---',
    ...rows,
    '',
  ].join('\n')
}
