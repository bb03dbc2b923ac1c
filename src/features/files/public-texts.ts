/** What the pages of public links to folders say, by language. A catalogue as those of the web app: each has all of it. */
export interface PageTexts {
  readonly what: string
  readonly empty: string
  readonly path: string
  readonly until: string
  readonly cut: string
  readonly folder: string
  readonly lost: string
  readonly gone: string
}

export const pageTexts = {
  en: {
    what: 'Files that were shared with you. You can look at them and keep copies.',
    empty: 'Nothing is in this folder.',
    path: 'Where you are',
    until: 'You can come here until {date}.',
    cut: 'Only the first {count} are shown.',
    folder: 'Folder',
    lost: 'There is nothing here',
    gone: 'The link is not right, was withdrawn, or its time is over. Ask whoever sent it for another one.',
  },
  de: {
    what: 'Dateien, die mit Ihnen geteilt wurden. Sie können sie ansehen und Kopien behalten.',
    empty: 'In diesem Ordner ist nichts.',
    path: 'Wo Sie sind',
    until: 'Erreichbar bis {date}.',
    cut: 'Nur die ersten {count} werden gezeigt.',
    folder: 'Ordner',
    lost: 'Hier ist nichts',
    gone: 'Der Link stimmt nicht, wurde zurückgezogen oder ist abgelaufen. Bitten Sie um einen neuen, wer ihn geschickt hat.',
  },
  fr: {
    what: 'Des fichiers partagés avec vous. Vous pouvez les consulter et en garder des copies.',
    empty: 'Ce dossier est vide.',
    path: 'Emplacement',
    until: 'Accessible jusqu’au {date}.',
    cut: 'Seuls les {count} premiers sont affichés.',
    folder: 'Dossier',
    lost: 'Il n’y a rien ici',
    gone: 'Le lien est inexact, a été retiré ou a expiré. Demandez-en un autre à la personne qui vous l’a envoyé.',
  },
  es: {
    what: 'Archivos que se han compartido con usted. Puede verlos y guardar copias.',
    empty: 'Esta carpeta está vacía.',
    path: 'Dónde está',
    until: 'Disponible hasta el {date}.',
    cut: 'Solo se muestran los primeros {count}.',
    folder: 'Carpeta',
    lost: 'Aquí no hay nada',
    gone: 'El enlace no es correcto, se ha retirado o ha caducado. Pida otro a quien se lo envió.',
  },
  nl: {
    what: 'Bestanden die met u zijn gedeeld. U kunt ze bekijken en kopieën bewaren.',
    empty: 'Deze map is leeg.',
    path: 'Waar u bent',
    until: 'Bereikbaar tot {date}.',
    cut: 'Alleen de eerste {count} worden getoond.',
    folder: 'Map',
    lost: 'Hier is niets',
    gone: 'De link klopt niet, is ingetrokken of verlopen. Vraag een nieuwe aan wie hem stuurde.',
  },
  ru: {
    what: 'Файлы, которыми с вами поделились. Их можно посмотреть и сохранить себе.',
    empty: 'В этой папке ничего нет.',
    path: 'Где вы находитесь',
    until: 'Доступно до {date}.',
    cut: 'Показаны только первые {count}.',
    folder: 'Папка',
    lost: 'Здесь ничего нет',
    gone: 'Ссылка неверна, отозвана или её срок истёк. Попросите новую у того, кто её прислал.',
  },
  el: {
    what: 'Αρχεία που μοιράστηκαν μαζί σας. Μπορείτε να τα δείτε και να κρατήσετε αντίγραφα.',
    empty: 'Ο φάκελος είναι άδειος.',
    path: 'Πού βρίσκεστε',
    until: 'Διαθέσιμο έως {date}.',
    cut: 'Εμφανίζονται μόνο τα πρώτα {count}.',
    folder: 'Φάκελος',
    lost: 'Εδώ δεν υπάρχει τίποτα',
    gone: 'Ο σύνδεσμος δεν είναι σωστός, ανακλήθηκε ή έληξε. Ζητήστε νέον από όποιον σας τον έστειλε.',
  },
} as const satisfies Readonly<Record<string, PageTexts>>
