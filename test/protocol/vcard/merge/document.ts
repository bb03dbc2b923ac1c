import type { MergeRules } from '../../../../protocol/vcard/merge/rules.ts'

/** The document beside the table of rules. */
export function documentOf(rules: readonly MergeRules[]): string {
  return [
    '# Protective merge',
    '',
    'What a kind of client cannot hold is not deleted by its silence. This page is made from `rules.ts` by its test',
    '(`npx vitest run --config config/vitest.config.ts -u test/protocol/vcard/merge/rules.test.ts`).',
    '',
    'A card that is put is compared with what the client was given, property by property: found again by value, type and',
    'label, else by type and label, else by position. What it changed, added and took away is done to the card as it is now;',
    'all other lines stay byte for byte. These are no edits: items counted anew, `pref` added to the first, `VOICE`,',
    '`INTERNET` and `OTHER`, the case of types, the spacing of numbers, 1604 for no year with or without its mark, several',
    '`NOTE`s in one, `FN` made anew of `N`, `X-ABADR`, `PRODID`, `REV`, order, folding, escapes.',
    '',
    'Kind | silent about | shows of several | keeps of parameters | source',
    '--- | --- | --- | --- | ---',
    ...rules.map((one) => [one.kind, silence(one), shown(one), parameters(one), one.source].join(' | ')),
    '',
    '`TYPE`, `PREF` and what belongs to the value (`VALUE`, `ENCODING`, …) are always compared; `UID` is never removed.',
    '',
  ].join('\n')
}

function silence({ holds, cannotHold, cannotHoldLine, joinsNotes }: MergeRules): string {
  const parts = [
    ...(holds ? [`all but ${names(holds)}`] : []),
    ...(cannotHold ? [names(cannotHold)] : []),
    ...(cannotHoldLine ? [cannotHoldLine.about] : []),
    ...(joinsNotes ? ['joins `NOTE`s'] : []),
  ]
  return parts.join('; ') || 'nothing known'
}

function shown({ first = {}, last = {} }: MergeRules): string {
  const parts = [
    ...Object.entries(first).map(([name, most]) => `first ${most === 1 ? '' : `${most} `}\`${name}\``),
    ...Object.entries(last).map(([name, most]) => `last ${most === 1 ? '' : `${most} `}\`${name}\``),
  ]
  return parts.join(', ') || 'all'
}

function parameters({ parameters }: MergeRules): string {
  return parameters === 'all' ? 'all' : names(parameters) || 'none but these'
}

function names(list: readonly string[]): string {
  return list.map((name) => `\`${name}\``).join(', ')
}
