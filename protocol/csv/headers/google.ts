/** Google's columns that come several times, by their folded names. */
const patterns: readonly (readonly [RegExp, (number: string, part: string) => string | undefined])[] = [
  [/^e mail (\d+) (type|label|value)$/, (n, part) => `EMAIL.${labelOr(part)}#${n}`],
  [/^phone (\d+) (type|label|value)$/, (n, part) => `TEL.${labelOr(part)}#${n}`],
  [
    /^im (\d+) (type|label|service|value)$/,
    (n, part) => (part === 'service' ? `IMPP.service#${n}` : `IMPP.${labelOr(part)}#${n}`),
  ],
  [/^website (\d+) (type|label|value)$/, (n, part) => `URL.${labelOr(part)}#${n}`],
  [/^event (\d+) (type|label|value)$/, (n, part) => `DATE.${labelOr(part)}#${n}`],
  [/^relation (\d+) (type|label|value)$/, (n, part) => `RELATED.${labelOr(part)}#${n}`],
  [/^custom field (\d+) (type|label|value)$/, (n, part) => `CUSTOM.${labelOr(part)}#${n}`],
  [/^address (\d+) (.+)$/, (n, part) => addressPart(part, n)],
  [/^organization (\d+) (.+)$/, (n, part) => (n === '1' ? organizationParts[part] : undefined)],
]

/** Where one of Google's numbered columns goes. */
export function googleTarget(folded: string): string | undefined {
  for (const [pattern, target] of patterns) {
    const match = pattern.exec(folded)
    if (match) return target(match[1] ?? '1', match[2] ?? '')
  }
  return undefined
}

function labelOr(part: string): string {
  return part === 'value' ? 'value' : 'label'
}

const addressParts: Readonly<Record<string, string>> = {
  type: 'label',
  label: 'label',
  formatted: 'formatted',
  street: 'street',
  city: 'city',
  'po box': 'pobox',
  region: 'region',
  'postal code': 'code',
  country: 'country',
  'extended address': 'extended',
}

function addressPart(part: string, number: string): string | undefined {
  const component = addressParts[part]
  return component === undefined ? undefined : `ADR.${component}#${number}`
}

const organizationParts: Readonly<Record<string, string>> = {
  name: 'ORG',
  title: 'TITLE',
  department: 'ORG.unit',
  type: '-',
  label: '-',
  'yomi name': '-',
}
