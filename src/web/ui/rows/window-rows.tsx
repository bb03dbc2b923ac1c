import { defaultRangeExtractor, type Range, useWindowVirtualizer } from '@tanstack/react-virtual'
import {
  type CSSProperties,
  Fragment,
  type HTMLAttributes,
  type ReactNode,
  type Ref,
  type RefObject,
  useCallback,
  useLayoutEffect,
  useRef,
  useState,
} from 'react'
import { usePrinting } from './printing.ts'

/** So many rows stand in the page as they are: the browser finds words in them. */
const short = 100
/** Rows that are ready above and below what is seen. */
const ahead = 10

/** What the `li` of a row has: in a long list, its place in it. */
export type RowPlace = Pick<
  HTMLAttributes<HTMLLIElement>,
  'aria-setsize' | 'aria-posinset' | 'onFocus' | 'onBlur' | 'style'
> & {
  readonly ref?: Ref<HTMLLIElement>
  readonly 'data-index'?: number
}

interface WindowRowsProps {
  readonly count: number
  /** What most rows have; each is measured. */
  readonly rowHeight: number
  /** The same function as long as the rows are the same: otherwise all are laid out anew. */
  readonly keyOf: (index: number) => number
  /** One `li`, with its place. */
  readonly children: (index: number, place: RowPlace) => ReactNode
}

// The place in the page is kept by the rows themselves.
const unanchored: CSSProperties = { overflowAnchor: 'none', listStyle: 'none' }

/**
 * The rows of an `ul` that scrolls with the page: of a long one those near what is seen, and those about the one that has the
 * focus, so that the keys lead on from there. On paper, all of them. A row stays the same one when the list becomes a long
 * one, or is printed: what is open in it stays open.
 */
export function WindowRows({ count, rowHeight, keyOf, children }: WindowRowsProps) {
  const isLong = count > short
  const top = useRef<HTMLLIElement>(null)
  const margin = useDistance(top, isLong)
  const focused = useRef<number>(undefined)
  const virtual = useRowsInSight({ count, rowHeight, keyOf, isLong, margin, focused })
  const rows = isLong
    ? virtual.getVirtualItems()
    : Array.from({ length: count }, (_, index) => ({ index, start: 0, end: 0 }))
  const endOf = (at: number): number => rows[at]?.end ?? margin
  const placeOf = (index: number): RowPlace => ({
    onFocus: () => {
      focused.current = keyOf(index)
    },
    onBlur: () => {
      focused.current = undefined
    },
    ...(isLong && {
      ref: virtual.measureElement,
      'data-index': index,
      'aria-setsize': count,
      'aria-posinset': index + 1,
      style: unanchored,
    }),
  })
  return (
    <>
      {isLong && <li ref={top} aria-hidden style={unanchored} />}
      {rows.map(({ index, start }, at) => (
        <Fragment key={keyOf(index)}>
          {isLong && <Gap size={start - endOf(at - 1)} />}
          {children(index, placeOf(index))}
        </Fragment>
      ))}
      {isLong && <Gap size={virtual.getTotalSize() + margin - endOf(rows.length - 1)} />}
    </>
  )
}

interface InSight extends Pick<WindowRowsProps, 'count' | 'rowHeight' | 'keyOf'> {
  readonly isLong: boolean
  /** From the top of the page to the first row. */
  readonly margin: number
  readonly focused: RefObject<number | undefined>
}

/** Which rows of a long list are drawn, and where. */
function useRowsInSight({ count, rowHeight, keyOf, isLong, margin, focused }: InSight) {
  const isPrinting = usePrinting()
  return useWindowVirtualizer<HTMLLIElement>({
    count,
    enabled: isLong,
    estimateSize: useCallback(() => rowHeight, [rowHeight]),
    overscan: ahead,
    scrollMargin: margin,
    // Of a list that becomes a long one, rows are drawn at once.
    initialRect: { width: window.innerWidth, height: window.innerHeight },
    getItemKey: keyOf,
    rangeExtractor: useCallback(
      (range: Range) =>
        isPrinting
          ? Array.from({ length: range.count }, (_, index) => index)
          : withFocused(range, focused.current, keyOf),
      [keyOf, isPrinting, focused],
    ),
  })
}

/** The one that has the focus is there wherever the page is scrolled to, and those that the keys lead to from it. */
function withFocused(range: Range, focused: number | undefined, keyOf: WindowRowsProps['keyOf']): number[] {
  const near = new Set(defaultRangeExtractor(range))
  if (focused === undefined) return [...near]
  const at = Array.from({ length: range.count }, (_, index) => index).findIndex(
    (index) => keyOf(index) === focused,
  )
  if (at < 0) return [...near]
  for (const index of [at - 1, at, at + 1]) if (index >= 0 && index < range.count) near.add(index)
  return [...near].toSorted((one, other) => one - other)
}

/** Where rows would be. */
function Gap({ size }: { readonly size: number }) {
  return size > 0.5 && <li aria-hidden style={{ ...unanchored, blockSize: size }} />
}

/** How far something is from the top of the page, whatever grows above it. */
function useDistance(place: RefObject<HTMLElement | null>, isNeeded: boolean): number {
  const [distance, setDistance] = useState(0)
  useLayoutEffect(() => {
    if (!isNeeded) return
    const measure = (): void => {
      if (place.current) setDistance(Math.round(place.current.getBoundingClientRect().top + window.scrollY))
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [place, isNeeded])
  return distance
}
