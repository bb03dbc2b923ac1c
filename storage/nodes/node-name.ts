/** The form in which names are compared: Macs write NFD, everybody else NFC (FND-05). @see UAX 15 */
export function foldNodeName(name: string): string {
  return name.normalize('NFC')
}
