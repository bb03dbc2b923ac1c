import type { Reporter, TestModule } from 'vitest/node'

/** Tells of each test that failed first and passed when it was tried again, and of how it failed: it wants mending. */
class SecondAttempts implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    for (const module of modules)
      for (const test of module.children.allTests()) {
        if (!test.diagnostic()?.flaky) continue
        const why = test.result().errors?.[0]?.message.split('\n', 1)[0] ?? ''
        const name = `${module.project.name} ${module.relativeModuleId} > ${test.fullName}`
        process.stdout.write(`Passed at the second attempt: ${name}: ${why}\n`)
      }
  }
}

// biome-ignore lint/style/noDefaultExport: vitest takes a reporter from the default export
export default SecondAttempts
