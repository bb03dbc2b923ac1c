const arrow = '→'

/** From what was to what is, as one reads. */
export function Onwards() {
  return (
    <span className="directed onwards" aria-hidden>
      {arrow}
    </span>
  )
}
