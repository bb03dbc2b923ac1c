import { useMemo } from 'react'
import { encode } from 'uqr'

interface QrProps {
  readonly text: string
  readonly label: string
  /** At most, in px: it is as wide as there is room for. */
  readonly size?: number
  /** How much of it may be hidden. */
  readonly ecc?: 'L' | 'M'
}

/**
 * A code for the camera of a phone, drawn here: nobody else is told what is in it. Black on white, whatever the page is. Each of its
 * squares is as many whole pixels of the screen as the others: with many of them it could not be read otherwise.
 */
export function Qr({ text, label, size = 220, ecc = 'M' }: QrProps) {
  const { path, side } = useMemo(() => drawn(text, ecc), [text, ecc])
  const step = side / window.devicePixelRatio
  return (
    <svg
      role="img"
      aria-label={label}
      style={{ inlineSize: `round(down, min(100%, ${size}px), ${step}px)`, maxInlineSize: size }}
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

function drawn(text: string, ecc: 'L' | 'M'): { path: string; side: number } {
  const { data, size } = encode(text, { ecc, border: quiet })
  const path = data
    .flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])))
    .join('')
  return { path, side: size }
}
