/**
 * Every setting with its default. A settings file (JSON) and the environment may change them:
 * `limits.bodyBytes` is `{"limits": {"bodyBytes": …}}` in the file and `FARLEY_LIMITS_BODY_BYTES` in the environment.
 */
export const defaults = {
  /** The address to listen on. Leave it on loopback and put a TLS proxy in front. */
  host: '127.0.0.1',
  /** 0 picks a free port. */
  port: 8080,
  /** The folder of the SQLite database, the epoch file and the documents. */
  data: './data',
  /** How clients reach the server, such as https://dav.example.org; empty: taken from the request. */
  publicUrl: '',
  database: {
    /** Empty: SQLite in the data folder. Else postgres://user:password@host:5432/name */
    url: '',
    /** Connections to PostgreSQL. */
    poolSize: 10,
  },
  blobs: {
    /** Where the octets of documents are kept: `file` is the folder blobs in the data folder, `s3` a bucket. */
    store: 'file',
    /** A store that speaks S3; the bucket is there already, and comes in the path. */
    s3: {
      /** Such as https://s3.eu-central-1.amazonaws.com */
      endpoint: '',
      bucket: '',
      region: 'us-east-1',
      accessKeyId: '',
      secretAccessKey: '',
    },
    /** Octets that nothing refers to any more stay so long: longer than the end of an upload takes. */
    graceHours: 24,
  },
  proxy: {
    /** Addresses of TLS proxies in front, separated by commas; their X-Forwarded-* headers are believed. */
    trusted: '',
  },
  log: {
    /** fatal, error, warn, info, debug, trace or silent */
    level: 'info',
  },
  metrics: {
    /** Serve /metrics for Prometheus. */
    enabled: false,
  },
  auth: {
    /** Cost of the hash of account passwords. */
    bcryptCost: 10,
    /** How long a verified password is remembered. */
    cacheMs: 600_000,
    /** Wrong passwords for one account from one address in the window before it must wait. */
    failures: 10,
    /** The same for all accounts together: one address trying one password after another account. */
    addressFailures: 100,
    failureWindowMs: 900_000,
    blockMs: 60_000,
    /** Whoever is signed in on the web page stays so until he was away for so many days, and at most for so many. */
    sessionIdleDays: 30,
    sessionDays: 180,
    /** Browsers that one account may be signed in with; those not used for longest are signed out. */
    sessions: 50,
    /** How long a link holds by which somebody chooses a new password. */
    passwordLinkHours: 24,
    /** How long a link holds by which a device fetches its new password, once. */
    setupLinkMinutes: 15,
    /** Sign-ins of one account that are kept, and as many that were refused; the oldest go first. */
    signIns: 200,
  },
  directory: {
    /** Which other accounts, groups and rooms an account finds: all, groups (those in its own groups) or none. */
    visibility: 'all',
    /** Whether each account has those whom it finds as an address book that only the server writes. */
    addressBook: false,
    /** What that is called. */
    bookName: 'Directory',
    /** Cards in it; of more the first that were made. Each account's is stored, once it is asked for. */
    cards: 2_000,
  },
  accounts: {
    /** The language of new accounts, such as de or pt-BR, and their time zone, such as Europe/Berlin. Empty: each says so itself. */
    language: '',
    timeZone: '',
  },
  people: {
    /** The calling code of telephone numbers that have none, such as 49: for searches, and to know who calls. */
    country: '',
  },
  limits: {
    /** A card, an event, or any other request body. */
    bodyBytes: 20_971_520,
    /** An XML request body. */
    xmlBytes: 10_485_760,
    xmlDepth: 64,
    xmlNodes: 200_000,
    headerBytes: 32_768,
    /** Time a client may take to send its headers and its whole request, unless that is a file. */
    headersMs: 30_000,
    requestMs: 300_000,
    /** Idle time after which a kept-alive connection is closed. */
    keepAliveMs: 65_000,
    multigetHrefs: 5_000,
    /** Resources that one If header may name. */
    ifResources: 100,
    /** Octets an account may keep, unless `farley user quota` says otherwise: all that lives, without trash and history. */
    quotaBytes: 10_737_418_240,
    collectionsPerHome: 250,
    /** What others share with an account, in each of its homes, invitations too until they are declined. */
    mounts: 250,
    /** People and groups that one collection is shared with. */
    sharees: 100,
    /** People, labels and smart lists that one account shares one by one. */
    grants: 1_000,
    /** What an account is told and no client has removed yet; the oldest go first. */
    notifications: 1_000,
    objectsPerCollection: 200_000,
    /** Categories of a card that are lists for devices which know lists as cards; those beyond stay in the card alone. */
    labelsPerCard: 200,
    /** Pixels of a photo that is scaled for clients; one with more is served as it is. */
    photoPixels: 50_000_000,
    /** Time for scaling one photo, and that one page of an answer waits for all of its photos. */
    photoSeconds: 10,
    photoWaitMs: 10_000,
    /** Public links of one account. */
    publicLinks: 250,
    /** Requests for public links that one address may make in a minute. */
    publicRequestsPerMinute: 60,
    /** Requests to the API that one account may make in a minute, unless `farley user set` says otherwise. */
    apiRequestsPerMinute: 1_200,
    /** Octets of a file. An S3 store takes 5 GiB in one piece at most. */
    fileBytes: 5_368_709_120,
    /** Octets of a file that is sent to be imported, how many imports of one account may wait or run, and their octets a day. */
    importBytes: 67_108_864,
    imports: 5,
    importDayBytes: 1_073_741_824,
    /** Folders and files of one account, and how deep they lie in each other. */
    filesPerAccount: 100_000,
    folderDepth: 64,
    /** Ranges that one request may ask for; with more the file is sent whole. */
    byteRanges: 32,
    /** Silence after which an upload of a file, which may last, is given up. */
    uploadIdleMs: 60_000,
    /** Objects in a collection, or folders and files in a folder, that is copied as a whole. */
    copiedObjects: 20_000,
    /** Lines of a card that is given in another form than it is stored in; one that has more is given as it is. */
    convertedLines: 50_000,
    /** Lines of a card that is merged with what a device sends; what has more is stored as it is sent. */
    mergedLines: 5_000,
    /** Lines of a card that is edited over the API by up to ten edits at once; by more, as many times less. */
    editedLines: 20_000,
    /** Edits of one account that were refused and are held for it, and their octets; the oldest go first. 0: none are held. */
    heldEdits: 200,
    heldEditBytes: 52_428_800,
    /** Objects, and changes of files, that one undo of what a device did may lead back, and what is shown of it when it is tried. */
    undoneObjects: 200_000,
    /** Objects, changes of files and facts of one request that are undone while its sender waits; of more, a job undoes them. */
    undoneAtOnce: 50,
    triedItems: 500,
    /** Alarms of one's own on an object that is shared. */
    layerBytes: 65_536,
    attendees: 1_000,
    /** Instances of one object kept in the calendar index. */
    indexedInstances: 1_500,
    /** Steps a recurrence rule may cost at PUT, and per object in a query. */
    recurrenceSteps: 50_000,
    /** Instances in one answer of calendar-query with expand, and behind one of free-busy-query. */
    answerInstances: 50_000,
    /** Days that one free-busy-query may ask for. */
    freeBusyDays: 1_830,
    /** Members of one group, and groups in each other. */
    groupMembers: 1_000,
    groupLevels: 10,
    /** Delegates of one account. */
    delegates: 100,
    /** Conditions of a search for principals, and principals in one answer to it. */
    directoryConditions: 100,
    directoryMatches: 1_000,
    /** Hrefs followed for one expand-property, and how deep. */
    expandedHrefs: 1_000,
    expandedLevels: 5,
    /** What is known of one person or company beside its cards, each kind of it. */
    rolesPerParty: 20,
    membershipsPerParty: 100,
    relationsPerParty: 200,
    consentsPerParty: 200,
    /** Organisations that one is part of, how many levels of them there may be, and how many links one answer shows. */
    parentsPerParty: 20,
    organisationLevels: 20,
    organisationLinks: 2_000,
    /** Labels that one account has made, or given a colour. */
    labels: 1_000,
    /** Lists of people that one account has saved. */
    smartLists: 100,
    /** Questions that what devices have changed leaves open, in the books of one account; beyond them none is asked. */
    suggestions: 1_000,
    /** People whose cards and links follow when an organisation comes or is called otherwise; of more, cards stay as they are. */
    cardsOfRenamed: 500,
    /** Entries of one access control list. */
    aces: 100,
    /** Dead properties on one resource, and the size of one, or of any that a client sets. */
    deadProperties: 200,
    deadPropertyBytes: 65_536,
    /** Locks that one account holds, the longest time one is granted for, and what it may say of its owner. */
    locks: 1_000,
    lockSeconds: 86_400,
    lockOwnerBytes: 8_192,
  },
  api: {
    /** Origins of web pages that may use the API with a token, separated by commas: https://crm.example.org. Empty: none. */
    corsOrigins: '',
    /** Tokens of one account. */
    tokens: 100,
    /** Changes in one request to /api/bulk. */
    bulkOperations: 200,
    /** People to whom /api/parties/bulk does something while its sender waits; to more, a job does it, to so many at most. */
    peopleAtOnce: 50,
    bulkPeople: 200_000,
    /** Cards on which a label is renamed, or that it is taken off, while whoever asks waits; on more a job does it. */
    labelledAtOnce: 500,
    /** People whom the address book of a list is filled with while whoever asks waits; where there are more a job does it. */
    listedAtOnce: 500,
    /** Such jobs of one account that wait or run. */
    bulkJobs: 5,
    /** Answers of one account that are kept for requests with an Idempotency-Key, and their octets; the oldest go first. */
    keptAnswers: 1_000,
    keptAnswerBytes: 10_485_760,
  },
  events: {
    /** Streams of server-sent events that one account may have open at once, and all of them in one process. */
    streams: 10,
    allStreams: 1_000,
    /** How often a stream in which nothing happens says so, and how often it asks whether it may go on. */
    heartbeatMs: 20_000,
    recheckMs: 5_000,
    /** How often what other processes have written is looked for, where nothing tells of it. */
    pollMs: 2_000,
  },
  webhooks: {
    /**
     * Addresses are told what happens on the public network only, but for these networks, separated by commas. Whoever has
     * an account can then have any server there be sent a POST.
     */
    privateNetworks: '',
    perAccount: 10,
    /** Time for one answer. */
    answerMs: 15_000,
    /** So many are told at once; each address of one thing after the other. */
    atOnce: 16,
    /** What may wait for one address before more is read for it. */
    waiting: 1_000,
    /** An address that takes nothing for so long is told no more. */
    disableAfterDays: 5,
    /** How long the secret of before signs too. */
    oldSecretHours: 24,
  },
  calendar: {
    /** The window of the calendar index, counted from today. */
    indexPastDays: 366,
    indexFutureDays: 732,
    /** Days that one list of events over the API may span, and how many of their times it shows. */
    shownDays: 800,
    shownInstances: 20_000,
    /** Tasks that one list of them puts in order; of more, those stored first. */
    sortedTasks: 10_000,
  },
  birthdays: {
    /** The words in the events of calendars of birthdays: en, de, fr, es, it, nl, ru or el. */
    language: 'en',
    /** Where 29 February goes in years that have none: february (the 28th) or march (the 1st). */
    leapDay: 'february',
    /** Dates of one card that have events. */
    datesPerCard: 10,
  },
  subscriptions: {
    /**
     * Calendars are fetched from public addresses only, but for these networks, separated by commas: 192.168.1.0/24.
     * Whoever has an account can then read what any server there answers with a calendar.
     */
    privateNetworks: '',
    /** What a publisher may send, and how many objects of it are taken. */
    bytes: 10_485_760,
    objects: 20_000,
    /** Time for one answer, with all its redirects. */
    answerMs: 60_000,
    redirects: 5,
    /** How often a calendar is fetched that does not say, and how often at most. */
    refreshMs: 3_600_000,
    minRefreshMs: 900_000,
  },
  migration: {
    /**
     * Over the API an account is moved in from public addresses only, but for these networks, separated by commas.
     * `farley migrate-from` reaches whatever the machine does.
     */
    privateNetworks: '',
    /** Connections to the other server, and what one answer may take of time and octets. */
    connections: 4,
    answerMs: 120_000,
    answerBytes: 268_435_456,
    redirects: 5,
    /** How often a request is made that is put off or breaks, the first pause, and the longest. */
    tries: 5,
    retryMs: 1_000,
    maxRetryMs: 300_000,
    /** More deletions at once than this, and more than a fifth of a collection, are held and not followed. */
    heldDeletions: 25,
    /** So many accounts are moved in over the API at once, and so often what follows looks for changes. */
    running: 4,
    followMs: 60_000,
    /** How long somebody waits who looks what there is, and how long a listing may be to be counted. */
    lookMs: 45_000,
    lookBytes: 16_777_216,
    /** So long the password of a migration that is paused is remembered: then it is asked for again. */
    pausedMs: 86_400_000,
  },
  bursts: {
    /**
     * The owner of a collection is told when one device has deleted or overwritten more objects of it than this, and more than
     * so many of a hundred, in that time. 0: nobody is told.
     */
    objects: 25,
    percent: 20,
    windowMs: 600_000,
  },
  retention: {
    /** Every revision is kept this long, then the last ten of an object. */
    revisionDays: 90,
    trashDays: 90,
    tombstoneDays: 400,
    eventDays: 30,
    /** What was sent to webhooks, or given up. */
    outboxDays: 14,
    /** Answers that are kept for requests with an Idempotency-Key. */
    answerHours: 24,
    /** Who has signed in from where, and who was refused. */
    signInDays: 90,
    /** Edits that were refused. */
    heldEditDays: 90,
    /** Changes of settings by administrators that are told, so many at most. */
    settingChanges: 1_000,
    /** Invitations and replies that no client has shown and removed. */
    notificationDays: 90,
    /** Rules of how long people, notes and consents are kept: at most so many. */
    rules: 100,
    /** What one of them takes away in a day. */
    rulePerDay: 500,
  },
}

/** The shape of the settings. */
export type Settings = typeof defaults
