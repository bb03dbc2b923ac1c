const words: Readonly<Record<string, string>> = {
  en: 'Keep in touch:',
  de: 'In Kontakt bleiben:',
  fr: 'Rester en contact :',
  es: 'Mantener el contacto:',
  it: 'Restare in contatto:',
  nl: 'Contact houden:',
}

/** What a reminder says, in a language as RFC 5646 names it; English where it is none of ours. */
export function reminderIn(language: string, name: string): string {
  return `${words[language.split('-')[0]?.toLowerCase() ?? ''] ?? words.en} ${name}`
}
