/**
 * The ways in which a text of Cyrillic or Greek letters is written in Latin ones, without case and accents, for searches: as
 * passports and maps have it (BGN/PCGN, ICAO, ELOT 743), as libraries do (ISO 9, ISO 843), and as people are used to. Of `ü` and
 * the like that are also written with two letters the one with two. None where it has no such letters; what is Latin stays.
 * @param text  not folded: `й` is another letter than `и`
 */
export function transliterations(text: string): string[] {
  const lower = text.normalize('NFC').toLowerCase()
  const found = new Set<string>()
  if (/\p{Script=Cyrillic}/u.test(lower)) for (const table of cyrillic) found.add(cyrillicWith(lower, table))
  else if (/\p{Script=Greek}/u.test(lower))
    for (const table of greek) found.add(written(withoutAccents(lower), table))
  else if (/[äöüåø]/.test(lower)) found.add(written(lower, doubled))
  return [...found]
}

type Table = ReadonlyMap<string, string>

/** Longer parts go first, so `щ` before `ш` in the tables does not matter, but `ου` before `ο` does. */
function written(text: string, table: Table): string {
  let latin = ''
  for (let at = 0; at < text.length; ) {
    const pair = table.get(text.slice(at, at + 2))
    const one = pair ?? table.get(text.charAt(at)) ?? text.charAt(at)
    at += pair === undefined ? 1 : 2
    latin += one
  }
  return latin.normalize('NFD').replace(/\p{M}+/gu, '')
}

/** At the begin of a word and after vowels and signs `е` has a y in front of it, where the table says so. */
function cyrillicWith(text: string, table: Table): string {
  const begun = table.get('^е')
  const prepared = begun === undefined ? text : text.replace(/(?<![^\P{L}аеёиоуыэюяъьіїє])е/gu, begun)
  return written(prepared, table)
}

function withoutAccents(text: string): string {
  // The diaeresis keeps two vowels apart: it goes last.
  const plain = text.normalize('NFD').replace(/[\u0300\u0301\u0342\u0313\u0314\u0345]/g, '')
  return plain
    .replace(/([αεου])\u0301?(?=[ιυ]\u0308)/gu, '$1\u200b')
    .replaceAll('\u0308', '')
    .normalize('NFC')
}

function tableOf(base: Table | undefined, pairs: string): Table {
  const table = new Map(base)
  for (const pair of pairs.split(' ')) {
    const [from = '', to = ''] = pair.split('=')
    table.set(from, to)
  }
  return table
}

/** @see DIN 5007-2 */
const doubled = tableOf(undefined, 'ä=ae ö=oe ü=ue å=aa ø=oe ß=ss æ=ae')

const common = tableOf(
  undefined,
  'а=a б=b в=v г=g д=d е=e ё=e ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh щ=shch ъ= ы=y ь= э=e ю=yu я=ya ' +
    'і=i ї=yi є=ye ґ=g ў=u ђ=dj ј=j љ=lj њ=nj ћ=c џ=dz ѓ=gj ќ=kj ѕ=dz ғ=g қ=q ң=n ө=o ұ=u ү=u һ=h ә=a ѣ=e ѵ=i ѳ=f',
)

const cyrillic: readonly Table[] = [
  // BGN/PCGN, as maps and newspapers write.
  tableOf(common, '^е=ye ё=yo'),
  // Passports. @see ICAO Doc 9303-3 §6 B
  tableOf(common, 'й=i ю=iu я=ia ъ=ie щ=shch'),
  // As English texts have names.
  tableOf(common, 'й=i ий=y ый=y'),
  // ISO 9, without its accents.
  tableOf(common, 'ж=z й=j х=h ц=c ч=c ш=s щ=s ю=u я=a є=e ї=i'),
  // As people write on a keyboard, and Ukrainian `г`.
  tableOf(common, 'й=j х=h ц=c ю=ju я=ja є=je ї=ji'),
  tableOf(common, 'г=h и=y й=i ю=iu я=ia є=ie ї=i'),
]

const elot = tableOf(
  undefined,
  'α=a β=v γ=g δ=d ε=e ζ=z η=i θ=th ι=i κ=k λ=l μ=m ν=n ξ=x ο=o π=p ρ=r σ=s ς=s τ=t υ=y φ=f χ=ch ψ=ps ω=o ' +
    'ου=ou αυ=av ευ=ev ηυ=iv γγ=ng γξ=nx γχ=nch \u200b=',
)

const greek: readonly Table[] = [
  // ELOT 743, as passports have it.
  elot,
  // ISO 843 and the classical way.
  tableOf(elot, 'β=b η=e υ=u φ=ph χ=ch αυ=au ευ=eu ηυ=eu'),
  // As it sounds.
  tableOf(elot, 'υ=i χ=h αυ=af ευ=ef ηυ=if μπ=b ντ=d γκ=g'),
]
