/** How one speaks to a friend, which no text of the app does. */
export const familiar: Readonly<Record<string, RegExp>> = {
  de: /(?<!\p{L})(?:du|dir|dich|dein(?:e[mnrs]?)?|wähle|öffne|füge|ziehe?|gib|prüfe|lege)(?!\p{L})/iu,
  fr: /(?<!\p{L})(?:tu|toi|ton|tes|te)(?!\p{L})/iu,
  es: /(?<!\p{L})(?:tú|tus?|ti|contigo)(?!\p{L})/iu,
  nl: /(?<!\p{L})(?:je|jij|jou|jouw)(?!\p{L})/iu,
  ru: /(?<!\p{L})(?:ты|теб[яе]|тобой|тво(?:й|я|ё|и|его|ей|их|им))(?!\p{L})/iu,
  el: /(?<!\p{L})(?:εσύ|εσένα)(?!\p{L})/iu,
}
