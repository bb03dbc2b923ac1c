/** Of so many labels a row has room for the names. */
const named = 2

interface LabelDotsProps {
  readonly labels: readonly string[]
  readonly colors: ReadonlyMap<string, string>
}

/** Labels with their colours; the first two by name. */
export function LabelDots({ labels, colors }: LabelDotsProps) {
  return (
    <span className="label-dots">
      {labels.slice(0, named).map((label) => (
        <span key={label} className="label-chip">
          <Dot color={colors.get(label)} />
          <span className="cut">{label}</span>
        </span>
      ))}
      {labels.length > named && (
        <span title={labels.slice(named).join(', ')}>{`+${labels.length - named}`}</span>
      )}
    </span>
  )
}

/** The colour of a label. */
export function Dot({ color }: { readonly color: string | undefined }) {
  return <span className="dot" style={{ background: color ?? 'var(--mantine-color-dimmed)' }} />
}
