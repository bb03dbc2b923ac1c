import { type Compiled, compile } from './compiled.ts'

let compiled: Compiled | undefined

/** Compiles the program once for all tests that start it, and leaves its path in FARLEY_TEST_MAIN. */
export function setup(): void {
  compiled = compile('src/main.ts')
  process.env.FARLEY_TEST_MAIN = compiled.path
}

export function teardown(): void {
  compiled?.[Symbol.dispose]()
}
