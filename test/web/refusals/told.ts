import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ESTree, parseSync } from 'vite'
import { leftOut, pieces } from './left-out.ts'

export const root = new URL('../../../', import.meta.url).pathname
const folders = ['src', 'protocol']

/** Where a sentence stands in what is called, also where it does not end as one: the 1 of `refuseStatus(404, 'gone')`. */
const places: Readonly<Record<string, number>> = {
  ...{ refuseStatus: 1, InputRefusal: 0, InvalidObjectError: 1 },
  ...{ AccountError: 0, TransferError: 0, MigrationError: 0, FeedError: 0, OutboundError: 0, EditError: 0 },
  ...{ UnreachableError: 0, BrokenAnswerError: 0, TooLargeError: 0 },
}

/** Methods of zod that are given what is said of a fault. */
const checks = new Set(['refine', 'regex', 'min', 'max', 'int', 'check', 'addIssue'])

/** What is for programs and those who write them. */
const silent = new Set(['summary', 'description', 'operationId'])

/** A fault of one field of a body begins with its name, which the page leaves out. */
const ofField = /^[a-z][\w.]*: (?=.)/

type Node = ESTree.Node
type Told = Set<string>

/** All sentences that the server can tell somebody who uses the web app, with `{name}` for what varies, and where each is written. */
export function toldSentences(): ReadonlyMap<string, string> {
  const sentences = new Map<string, string>(pieces.map((piece) => [piece, 'test/web/refusals/left-out.ts']))
  for (const path of sourceFiles()) {
    if (leftOut.some(([place]) => path.startsWith(place))) continue
    const told = new Set<string>()
    visit(parseSync(path, readFileSync(join(root, path), 'utf8')).program, told)
    for (const sentence of told) sentences.set(sentence, path)
  }
  return sentences
}

/** Paths of all sources, from the root. */
export function sourceFiles(): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  )
}

function visit(node: unknown, told: Told): void {
  if (Array.isArray(node)) for (const one of node) visit(one, told)
  else if (isNode(node)) visitNode(node, told)
}

function visitNode(node: Node, told: Told): void {
  if (isSilent(node)) return
  for (const sentence of wholeSentences(node)) told.add(sentence.replace(ofField, ''))
  for (const argument of argumentsThatTell(node))
    for (const text of textsOf(argument)) if (/\p{L}.* /u.test(text)) told.add(text.replace(ofField, ''))
  for (const child of Object.values(node)) visit(child, told)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}

/** Faults of ours, and what is written about routes and fields. */
function isSilent(node: Node): boolean {
  if (node.type === 'NewExpression') return /^(?:Type|\w+Conflict)?Error$/.test(calledOf(node))
  if (node.type === 'Property') return node.key.type === 'Identifier' && silent.has(node.key.name)
  if (node.type === 'CallExpression') return ['describe', 'meta', 'warn', 'info'].includes(calledOf(node))
  return false
}

/** A text that ends as a sentence does. */
function wholeSentences(node: Node): string[] {
  if (node.type !== 'Literal' && node.type !== 'TemplateLiteral') return []
  return textsOf(node).filter((text) => /^\S.* .*[^.][.?]$/.test(text))
}

function argumentsThatTell(node: Node): readonly Node[] {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return []
  const called = calledOf(node)
  const at = Object.hasOwn(places, called) ? places[called] : undefined
  if (at !== undefined) return node.arguments.slice(at, at + 1)
  if (!isZod(node) || !checks.has(called)) return []
  return node.arguments.flatMap((one) => [one, ...messagesOf(one)])
}

/** What is called at an object that is no number of our own. */
function isZod(node: ESTree.CallExpression | ESTree.NewExpression): boolean {
  const { callee } = node
  return (
    callee.type === 'MemberExpression' &&
    !(callee.object.type === 'Identifier' && callee.object.name === 'Math')
  )
}

function messagesOf(node: Node): Node[] {
  if (node.type !== 'ObjectExpression') return []
  return node.properties.flatMap((one) =>
    one.type === 'Property' && one.key.type === 'Identifier' && ['message', 'error'].includes(one.key.name)
      ? [one.value]
      : [],
  )
}

function calledOf({ callee }: ESTree.CallExpression | ESTree.NewExpression): string {
  if (callee.type === 'Identifier') return callee.name
  return callee.type === 'MemberExpression' && callee.property.type === 'Identifier'
    ? callee.property.name
    : ''
}

/** The texts that a literal, a template, or one of two can be. */
function textsOf(node: Node): string[] {
  switch (node.type) {
    case 'Literal':
      return typeof node.value === 'string' ? [node.value] : []
    case 'TemplateLiteral':
      return [templateOf(node)]
    case 'ConditionalExpression':
      return [...textsOf(node.consequent), ...textsOf(node.alternate)]
    default:
      return []
  }
}

function templateOf({ quasis, expressions }: ESTree.TemplateLiteral): string {
  const names = new Map<string, number>()
  const holes = expressions.map((one) => {
    const name = nameOf(one)
    const count = (names.get(name) ?? 0) + 1
    names.set(name, count)
    return `{${name}${count === 1 ? '' : count}}`
  })
  return quasis.map(({ value }, at) => `${value.cooked ?? ''}${holes[at] ?? ''}`).join('')
}

/** What varies is named as in the source, by its last name. */
function nameOf(node: Node): string {
  switch (node.type) {
    case 'Identifier':
      return node.name
    case 'MemberExpression':
      return node.computed ? nameOf(node.object) : nameOf(node.property)
    case 'CallExpression':
      return node.callee.type === 'MemberExpression' ? nameOf(node.callee.object) : nameOf(node.callee)
    case 'ChainExpression':
      return nameOf(node.expression)
    case 'BinaryExpression':
    case 'LogicalExpression':
      return nameOf(node.left)
    default:
      return 'part'
  }
}
