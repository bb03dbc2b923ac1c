import type { Language } from './paper.ts'

/** What the pages of public links to calendars and address books say, by language. A catalogue as those of the web app: each has all of it. */
export interface CollectionTexts {
  readonly calendar: string
  readonly book: string
  readonly subscribe: string
  readonly keep: string
  readonly address: string
  readonly next: string
  readonly nothing: string
  readonly cut: string
  readonly zone: string
  readonly untitled: string
}

export const collectionTexts: Readonly<Record<Language, CollectionTexts>> = {
  en: {
    calendar:
      'A calendar that was shared with you. A calendar program that subscribes to it shows what changes.',
    book: 'An address book that was shared with you. A contacts program opens the file.',
    subscribe: 'Subscribe in a calendar program',
    keep: 'Keep a copy as a file',
    address: 'For programs that ask for an address:',
    next: 'The next four weeks',
    nothing: 'Nothing is planned.',
    cut: 'Only the first {count} are shown.',
    zone: 'Times are those of {zone}.',
    untitled: 'Without a title',
  },
  de: {
    calendar:
      'Ein Kalender, der mit Ihnen geteilt wurde. Ein Kalenderprogramm, das ihn abonniert, zeigt auch Änderungen.',
    book: 'Ein Adressbuch, das mit Ihnen geteilt wurde. Ein Kontakteprogramm öffnet die Datei.',
    subscribe: 'In einem Kalenderprogramm abonnieren',
    keep: 'Eine Kopie als Datei behalten',
    address: 'Für Programme, die nach einer Adresse fragen:',
    next: 'Die nächsten vier Wochen',
    nothing: 'Es ist nichts geplant.',
    cut: 'Nur die ersten {count} werden gezeigt.',
    zone: 'Die Uhrzeiten gelten für {zone}.',
    untitled: 'Ohne Titel',
  },
  fr: {
    calendar:
      'Un agenda partagé avec vous. Un logiciel d’agenda qui s’y abonne en affiche aussi les changements.',
    book: 'Un carnet d’adresses partagé avec vous. Un logiciel de contacts ouvre le fichier.',
    subscribe: 'S’abonner dans un logiciel d’agenda',
    keep: 'Garder une copie dans un fichier',
    address: 'Pour les logiciels qui demandent une adresse :',
    next: 'Les quatre prochaines semaines',
    nothing: 'Rien n’est prévu.',
    cut: 'Seuls les {count} premiers sont affichés.',
    zone: 'Les heures sont celles de {zone}.',
    untitled: 'Sans titre',
  },
  es: {
    calendar:
      'Un calendario que se ha compartido con usted. Un programa de calendario que se suscriba a él muestra también los cambios.',
    book: 'Una libreta de direcciones que se ha compartido con usted. Un programa de contactos abre el archivo.',
    subscribe: 'Suscribirse en un programa de calendario',
    keep: 'Guardar una copia como archivo',
    address: 'Para programas que piden una dirección:',
    next: 'Las próximas cuatro semanas',
    nothing: 'No hay nada previsto.',
    cut: 'Solo se muestran los primeros {count}.',
    zone: 'Las horas son las de {zone}.',
    untitled: 'Sin título',
  },
  nl: {
    calendar:
      'Een agenda die met u is gedeeld. Een agendaprogramma dat zich erop abonneert, toont ook wat verandert.',
    book: 'Een adresboek dat met u is gedeeld. Een contactenprogramma opent het bestand.',
    subscribe: 'Abonneren in een agendaprogramma',
    keep: 'Een kopie als bestand bewaren',
    address: 'Voor programma’s die om een adres vragen:',
    next: 'De komende vier weken',
    nothing: 'Er is niets gepland.',
    cut: 'Alleen de eerste {count} worden getoond.',
    zone: 'De tijden gelden voor {zone}.',
    untitled: 'Zonder titel',
  },
  ru: {
    calendar:
      'Календарь, которым с вами поделились. Программа-календарь, подписанная на него, показывает и изменения.',
    book: 'Адресная книга, которой с вами поделились. Файл открывает программа контактов.',
    subscribe: 'Подписаться в программе-календаре',
    keep: 'Сохранить копию в файл',
    address: 'Для программ, которые спрашивают адрес:',
    next: 'Ближайшие четыре недели',
    nothing: 'Ничего не запланировано.',
    cut: 'Показаны только первые {count}.',
    zone: 'Время указано для {zone}.',
    untitled: 'Без названия',
  },
  el: {
    calendar:
      'Ένα ημερολόγιο που μοιράστηκαν μαζί σας. Ένα πρόγραμμα ημερολογίου που εγγράφεται σε αυτό δείχνει και ό,τι αλλάζει.',
    book: 'Ένα βιβλίο διευθύνσεων που μοιράστηκαν μαζί σας. Το αρχείο ανοίγει με ένα πρόγραμμα επαφών.',
    subscribe: 'Εγγραφή σε πρόγραμμα ημερολογίου',
    keep: 'Κρατήστε αντίγραφο ως αρχείο',
    address: 'Για προγράμματα που ζητούν διεύθυνση:',
    next: 'Οι επόμενες τέσσερις εβδομάδες',
    nothing: 'Δεν υπάρχει τίποτα προγραμματισμένο.',
    cut: 'Εμφανίζονται μόνο τα πρώτα {count}.',
    zone: 'Οι ώρες είναι αυτές της ζώνης {zone}.',
    untitled: 'Χωρίς τίτλο',
  },
}
