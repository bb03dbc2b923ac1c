import type { Writer } from '../store.ts'

/**
 * Runs a part of a write so that it can fail alone: what it throws takes back what it wrote, and is thrown on. Whoever catches
 * that may go on with the write, unless it is a fault of the database, which fails all of it.
 */
export async function attempt<T>(tx: Writer, part: (tx: Writer) => Promise<T>): Promise<T> {
  const { sql } = tx
  const left: (() => void)[] = []
  const restore = snapshot(tx)
  await sql.run('SAVEPOINT one_part')
  try {
    const value = await part({ ...tx, afterCommit: (fn) => left.push(fn) })
    await sql.run('RELEASE SAVEPOINT one_part')
    for (const fn of left) tx.afterCommit(fn)
    return value
  } catch (error) {
    await sql.run('ROLLBACK TO SAVEPOINT one_part')
    await sql.run('RELEASE SAVEPOINT one_part')
    restore()
    throw error
  }
}

/** What the write has told so far, to be put back. */
function snapshot({
  followed,
  touched,
  touchedParties,
  madeParties,
  touchedTasks,
  touchedNodes,
  deviceChanges,
  renamedLabels,
  wakes,
}: Writer): () => void {
  const maps = [keepMap(touched), keepMap(touchedTasks), keepMap(deviceChanges)]
  const people = [keep(touchedParties), keep(madeParties), keep(renamedLabels)]
  const sets = [keep(followed), keep(touchedNodes), keep(wakes), ...people]
  return () => {
    for (const put of [...sets, ...maps]) put()
  }
}

function keep<T>(set: Set<T>): () => void {
  const before = [...set]
  return () => {
    set.clear()
    for (const one of before) set.add(one)
  }
}

function keepMap<K, V>(map: Map<K, V>): () => void {
  const before = [...map]
  return () => {
    map.clear()
    for (const [key, value] of before) map.set(key, value)
  }
}
