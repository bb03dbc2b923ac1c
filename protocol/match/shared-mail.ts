/** Whether an address by its local part is a desk's and not a person's. @see RFC 2142 */
export function isRole(local: string): boolean {
  return roles.has(local.replace(/[^a-z]/g, ''))
}

/** Whether a domain has addresses of people who have nothing to do with each other. */
export function isSharedDomain(domain: string): boolean {
  return (
    shared.has(domain) || /^(?:hotmail|yahoo|live|outlook|gmx|web|orange|t-online)\.[a-z.]+$/.test(domain)
  )
}

const roles: ReadonlySet<string> = new Set(
  `info office contact kontakt contatti sales verkauf vendite ventas support hello hallo service admin mail post team hr jobs
  billing buchhaltung accounting rechnung invoice einkauf reception empfang sekretariat secretary help press presse marketing
  webmaster postmaster hostmaster abuse noreply enquiries inquiries bestellung orders booking reservations`.split(
    /\s+/,
  ),
)

const shared: ReadonlySet<string> = new Set(
  `gmail.com icloud.com me.com mac.com aol.com proton.me protonmail.com pm.me posteo.de mailbox.org freenet.de arcor.de free.fr
  laposte.net sfr.fr wanadoo.fr libero.it virgilio.it alice.it tin.it mail.ru bk.ru list.ru inbox.ru yandex.ru ya.ru rambler.ru
  ukr.net seznam.cz wp.pl o2.pl onet.pl interia.pl bluewin.ch hispeed.ch telenet.be skynet.be xs4all.nl ziggo.nl kpnmail.nl
  comcast.net verizon.net att.net sbcglobal.net btinternet.com sky.com virginmedia.com ntlworld.com fastmail.com zoho.com
  qq.com 163.com 126.com naver.com`.split(/\s+/),
)
