/** Folded text with Cyrillic and Greek letters as most passports and most address books write them; all else stays. */
export function latin(text: string): string {
  if (!/[\u0370-\u03ff\u0400-\u052f]/.test(text)) return text
  return text
    .replace(/ου/g, 'ou')
    .replace(/[αε]υ(?=[θκξπσςτφχψ])/g, (pair) => `${pair.startsWith('α') ? 'a' : 'e'}f`)
    .replace(/[αε]υ/g, (pair) => `${pair.startsWith('α') ? 'a' : 'e'}v`)
    .replace(/^μπ/, 'b')
    .replace(/^ντ/, 'd')
    .replace(/γγ/g, 'ng')
    .replace(/[\u0370-\u03ff\u0400-\u052f]/g, (letter) => letters.get(letter) ?? letter)
}

const letters: ReadonlyMap<string, string> = new Map(
  `а a б b в v г g ґ g д d е e ё e є ye ж zh з z и i і i ї i й i к k л l м m н n о o п p р r с s т t у u ў u ф f х kh ц ts ч ch ш sh
  щ shch ъ - ы y ь - э e ю yu я ya ђ dj ј j љ lj њ nj ћ c џ dz ѓ g ќ k ѕ dz
  α a β v γ g δ d ε e ζ z η i θ th ι i κ k λ l μ m ν n ξ x ο o π p ρ r σ s ς s τ t υ y φ f χ ch ψ ps ω o`
    .split(/\s+/)
    .flatMap((letter, at, all): [string, string][] => {
      const sound = all[at + 1]
      return at % 2 === 0 && sound !== undefined ? [[letter, sound === '-' ? '' : sound]] : []
    }),
)
