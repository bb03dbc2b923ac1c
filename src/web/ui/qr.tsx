import { useMemo } from 'react'
import { encode } from 'uqr'

/** A code for the camera of a phone, drawn here: nobody else is told what is in it. Black on white, whatever the page is. */
export function Qr({
  text,
  label,
  size = 220,
}: {
  readonly text: string
  readonly label: string
  readonly size?: number
}) {
  const { path, side } = useMemo(() => drawn(text), [text])
  return (
    <svg
      role="img"
      aria-label={label}
      width={size}
      height={size}
      viewBox={`0 0 ${side} ${side}`}
      shapeRendering="crispEdges"
    >
      <rect width={side} height={side} fill="white" />
      <path d={path} fill="black" />
    </svg>
  )
}

/** The quiet zone is four modules wide. @see ISO/IEC 18004 §9.1 */
const quiet = 4

function drawn(text: string): { path: string; side: number } {
  const { data, size } = encode(text, { ecc: 'M', border: quiet })
  const path = data
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('')
  return { path, side: size }
}
