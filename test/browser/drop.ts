import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Locator, Page } from 'playwright-core'

/**
 * Drags files from outside of the browser over something, and lets them go there, as a hand does with a mouse; a name with
 * slashes is in folders, and one that ends with one is that of a folder.
 */
export async function dropFiles(
  page: Page,
  onto: Locator,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'farley-drop-'))
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(`${name}x`)), { recursive: true })
    if (!name.endsWith('/')) writeFileSync(join(folder, name), content)
  }
  const paths = readdirSync(folder).map((name) => join(folder, name))
  await onto.scrollIntoViewIfNeeded()
  const box = await onto.boundingBox()
  if (!box) throw new Error('What files are dropped on is not shown.')
  const chromium = await page.context().newCDPSession(page)
  const at = { x: box.x + box.width / 2, y: box.y + Math.min(box.height / 2, 100) }
  const data = { items: [], files: paths, dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await chromium.send('Input.dispatchDragEvent', { type, ...at, data })
  await chromium.detach()
  // What was let go is read while it is sent.
  page.once('close', () => rmSync(folder, { recursive: true, force: true }))
}
