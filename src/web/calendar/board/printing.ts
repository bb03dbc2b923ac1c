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
