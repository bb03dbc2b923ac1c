import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'

/** Tells that the page is about to be printed, and when it has been. @returns stops it */
export function onPrint(tell: (isPrinted: boolean) => void): () => void {
  const begin = (): void => tell(true)
  const end = (): void => tell(false)
  window.addEventListener('beforeprint', begin)
  window.addEventListener('afterprint', end)
  return () => {
    window.removeEventListener('beforeprint', begin)
    window.removeEventListener('afterprint', end)
  }
}

/** While a page is being printed all of it is there. */
export function usePrinting(): boolean {
  const [isPrinting, setPrinting] = useState(false)
  useEffect(() => onPrint((is) => flushSync(() => setPrinting(is))), [])
  return isPrinting
}
