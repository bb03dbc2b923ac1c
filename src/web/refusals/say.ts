import { compileSentences, type Say, type Sentences, type SizeOf } from './match.ts'

/** How what the server tells is said in one language. */
export interface Catalogue {
  /** By the sentences of the server; in English only those that are not said as they are. */
  readonly sentences: Sentences
  /** How the fields of a body are called. */
  readonly fields: Sentences
  /** What is said where a sentence is not known, by the status, or `4xx` and `5xx`. */
  readonly statuses: Sentences
  /** How that and the server's own sentence are said together: `{said}`, `{told}`; in English that alone. */
  readonly both: string
}

/** A catalogue, and how sizes are said in its language. */
export interface Speech {
  readonly catalogue: Catalogue
  readonly sizeOf: SizeOf
}

/** One fault of a form: into the body a pointer (RFC 6901), or the name of a parameter. */
interface Fault {
  readonly pointer?: string | undefined
  readonly parameter?: string | undefined
  /** Of an operation, where there are several. */
  readonly status?: number | undefined
  readonly detail: string
}

/** What is said of a refusal where it is made. @see RFC 9457 §3 */
export interface Told {
  readonly detail?: string | undefined
  readonly errors?: readonly Fault[] | undefined
}

/** So many faults of a form are told at once. */
const mostFaults = 3

/** A fault of one field of a body begins with its name. */
const ofField = /^[a-z][\w.]*: (?=.)/

const sayings = new WeakMap<Catalogue, Say>()

/** How one sentence of the server is said, or several notes with commas between; as it is where one is not known. */
export function sayTold({ catalogue, sizeOf }: Speech, sentence: string): string {
  const say = sayOf(catalogue)
  const notes = (): string[] => sentence.split(', ').map((note) => say(note, sizeOf) ?? note)
  return say(sentence, sizeOf) ?? notes().join(', ')
}

/** How a refusal is said. */
export function sayRefusal(speech: Speech, status: number, problem: Told): string {
  const faults = problem.errors?.filter((fault) => fault.status === undefined) ?? []
  if (faults.length > 0) {
    const said = faults.slice(0, mostFaults).map((fault) => sayFault(speech, status, fault))
    return [...new Set(said)].join(' ')
  }
  return sayDetail(speech, status, problem.detail ?? '')
}

function sayFault(speech: Speech, status: number, { pointer, parameter, detail }: Fault): string {
  const said = sayDetail(speech, status, detail)
  const path = pointer?.split('/') ?? parameter?.split('.') ?? []
  const name = path.findLast((part) => part !== '' && !/^\d+$/.test(part)) ?? ''
  const { fields } = speech.catalogue
  const label = Object.hasOwn(fields, name) ? fields[name] : undefined
  return label === undefined ? said : `${label}: ${said}`
}

function sayDetail({ catalogue, sizeOf }: Speech, status: number, detail: string): string {
  const say = sayOf(catalogue)
  const plain = detail.replace(ofField, '')
  const known = say(detail, sizeOf) ?? say(plain, sizeOf)
  if (known !== undefined) return known
  const { statuses, both } = catalogue
  const said = statuses[status] ?? statuses[status < 500 ? '4xx' : '5xx'] ?? `HTTP ${status}`
  // The name of a precondition tells nobody anything.
  if (!plain.includes(' ')) return said
  return both.replace('{said}', () => said).replace('{told}', () => asSentence(plain))
}

function asSentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (/[.!?…]$/.test(text) ? '' : '.')
}

function sayOf(catalogue: Catalogue): Say {
  const known = sayings.get(catalogue)
  if (known) return known
  const say = compileSentences(catalogue.sentences)
  sayings.set(catalogue, say)
  return say
}
