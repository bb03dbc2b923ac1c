import { dirname, join } from 'node:path'
import { parseSync } from 'vite'

/** A part of a program, as ESTree has it. */
interface Node {
  readonly type: string
  readonly start: number
  readonly [key: string]: unknown
}

interface Source {
  readonly text: string
  /** Functions that have a name, by it. */
  readonly functions: ReadonlyMap<string, Node>
  /** What a name that is imported stands for: `folder/file.ts#name`. */
  readonly imports: ReadonlyMap<string, string>
}

/** One place where something is asked for. */
export interface Use {
  /** `folder/file.tsx#Component` */
  readonly by: string
  /** `folder/file.ts#useThing` */
  readonly hook: string
  readonly isRead: boolean
}

/** What gives an answer, and says in `error` why there is none. */
const library = ['useQuery', 'useInfiniteQuery', 'useQueries'].map((name) => `@tanstack/react-query#${name}`)
/** Names by which hooks say that something failed: what did, or what was asked. */
const saying = /^(?:error|isError|failed|asked)$/
const ofLists = /^(?:find|filter|map|flatMap|some|every)$/

/** Each use of a query, or of a hook that gives one on; whether what it says of an error goes anywhere. @param texts  by path */
export function usesOfQueries(texts: ReadonlyMap<string, string>): readonly Use[] {
  const sources = new Map([...texts].map(([file, text]) => [file, read(file, text)] as const))
  const hooks = new Set(library)
  for (let before = -1; before !== hooks.size; ) {
    before = hooks.size
    for (const [file, source] of sources)
      for (const [name, node] of source.functions)
        if (/^use[A-Z]/.test(name) && givesOn(node, callsIn(node, source, file, hooks)))
          hooks.add(`${file}#${name}`)
  }
  return [...sources].flatMap(([file, source]) =>
    [...source.functions].flatMap(([name, node]) =>
      callsIn(node, source, file, hooks).map((call) => ({
        by: `${file}#${name}`,
        hook: call.hook,
        isRead: isRead(node, call, source.text),
      })),
    ),
  )
}

/** A call of a hook, with what stands around it, the nearest last. */
interface Call {
  readonly hook: string
  readonly around: readonly Node[]
}

function read(file: string, text: string): Source {
  const program = parseSync(file, text).program as unknown as Node
  const functions = new Map<string, Node>()
  const imports = new Map<string, string>()
  walk(program, [], (node, around) => {
    const name = isFunction(node) ? nameOf(node, around) : undefined
    if (name !== undefined) functions.set(name, node)
    if (node.type !== 'ImportDeclaration') return
    const from = String((node.source as Node).value)
    const place = from.startsWith('.') ? join(dirname(file), from) : from
    for (const one of node.specifiers as readonly Node[])
      imports.set(textOf(one.local), `${place}#${textOf(one.imported ?? one.local)}`)
  })
  return { text, functions, imports }
}

function walk(
  node: Node,
  around: readonly Node[],
  visit: (node: Node, around: readonly Node[]) => void,
): void {
  visit(node, around)
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value])
      if (isNode(child)) walk(child, [...around, node], visit)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}

function isFunction({ type }: Node): boolean {
  return /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type)
}

function nameOf(node: Node, around: readonly Node[]): string | undefined {
  if (isNode(node.id)) return textOf(node.id)
  const parent = around.at(-1)
  return parent?.type === 'VariableDeclarator' ? textOf(parent.id) : undefined
}

function textOf(node: unknown): string {
  return isNode(node) ? String(node.name ?? node.value ?? '') : ''
}

/** Those that a function makes itself, not those of named functions within it. */
function callsIn(fn: Node, { functions, imports }: Source, file: string, hooks: ReadonlySet<string>): Call[] {
  const calls: Call[] = []
  const named = new Set(functions.values())
  walk(fn, [], (node, around) => {
    if (node.type !== 'CallExpression' || around.slice(1).some((one) => named.has(one))) return
    const name = textOf(node.callee)
    const hook = imports.get(name) ?? `${file}#${name}`
    if (hooks.has(hook)) calls.push({ hook, around })
  })
  return calls
}

/** Whether what is asked for is what a hook gives, or a part of it says what failed. */
function givesOn(fn: Node, calls: readonly Call[]): boolean {
  if (calls.length === 0) return false
  if (calls.some(({ around }) => around.at(-1) === fn || around.at(-1)?.type === 'ReturnStatement'))
    return true
  const names = new Set(calls.map(({ around }) => textOf(boundTo(around))))
  return answersOf(fn).some(
    (answer) =>
      (answer.type === 'Identifier' && names.has(textOf(answer))) ||
      (answer.type === 'ObjectExpression' &&
        (answer.properties as readonly Node[]).some(
          (one) => one.type === 'SpreadElement' || saying.test(textOf(one.key)),
        )),
  )
}

function answersOf(fn: Node): Node[] {
  const answers: Node[] = []
  walk(fn, [], (node, around) => {
    if (around.slice(1).some(isFunction)) return
    if (node.type === 'ReturnStatement' && isNode(node.argument)) answers.push(node.argument)
  })
  return answers
}

/** What an answer is called where it is kept. */
function boundTo(around: readonly Node[]): Node | undefined {
  const parent = around.at(-1)
  return parent?.type === 'VariableDeclarator' && isNode(parent.id) ? parent.id : undefined
}

function isRead(fn: Node, { around }: Call, text: string): boolean {
  const parent = around.at(-1)
  if (parent?.type === 'MemberExpression') return saying.test(textOf(parent.property))
  const kept = boundTo(around)
  if (kept?.type === 'ObjectPattern')
    return (kept.properties as readonly Node[]).some(
      (one) => one.type === 'RestElement' || saying.test(textOf(one.key)),
    )
  // Given on as it is: returned, spread, an argument.
  if (kept === undefined) return parent?.type !== 'ExpressionStatement'
  let isFound = false
  walk(fn, [], (node, before) => {
    if (node.type === 'Identifier' && textOf(node) === textOf(kept)) isFound ||= goesOn(node, before, text)
  })
  return isFound
}

/** Whether a name stands where its error is read, or where all of it is given to something else. */
function goesOn(name: Node, around: readonly Node[], text: string): boolean {
  const [beyond, parent] = around.slice(-2)
  if (parent?.type === 'VariableDeclarator' && isNode(parent.id))
    return parent.init === name && (parent.id.type !== 'ObjectPattern' || isSaid(parent.id))
  if (parent?.type === 'Property') return parent.value === name
  if (parent?.type !== 'MemberExpression') return true
  if (parent.object !== name) return false
  const what = textOf(parent.property)
  if (ofLists.test(what) && beyond?.type === 'CallExpression')
    return /\berror\b/.test(text.slice(beyond.start, Number(beyond.end)))
  return saying.test(what)
}

function isSaid(pattern: Node): boolean {
  return (pattern.properties as readonly Node[]).some((one) => saying.test(textOf(one.key)))
}
