/** A square of a picture: its middle in parts of the picture, and how much larger than whole it is shown. */
export interface Cropping {
  readonly image: ImageBitmap
  readonly x: number
  readonly y: number
  /** From 1: as large as it can be. */
  readonly zoom: number
}

/** The middle of it; of a portrait, rather its upper part. */
export function start(image: ImageBitmap): Cropping {
  return within({ image, x: 0.5, y: image.height > image.width ? 0.4 : 0.5, zoom: 1 })
}

/** Moved by pixels of a square of `size`. */
export function moved(cropping: Cropping, byX: number, byY: number, size: number): Cropping {
  const { image, x, y } = cropping
  const scale = sideOf(cropping) / size
  return within({ ...cropping, x: x - (byX * scale) / image.width, y: y - (byY * scale) / image.height })
}

export function zoomed(cropping: Cropping, zoom: number): Cropping {
  return within({ ...cropping, zoom })
}

export function drawCropped(canvas: HTMLCanvasElement, cropping: Cropping, size: number): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const { image, x, y } = cropping
  const side = sideOf(cropping)
  // JPEG has no holes: what shines through is white.
  context.fillStyle = 'white'
  context.fillRect(0, 0, size, size)
  context.drawImage(
    image,
    ...([x * image.width - side / 2, y * image.height - side / 2, side, side] as const),
    ...([0, 0, size, size] as const),
  )
}

/** The square as a JPEG; no larger than it is in the picture. */
export function octetsOf(cropping: Cropping, most: number): Promise<Blob> {
  const size = Math.max(1, Math.round(Math.min(most, sideOf(cropping))))
  const canvas = document.createElement('canvas')
  canvas.width = size
  canvas.height = size
  drawCropped(canvas, cropping, size)
  return new Promise((resolve, reject) => {
    const given = (blob: Blob | null): void =>
      blob ? resolve(blob) : reject(new Error('The picture cannot be written.'))
    canvas.toBlob(given, 'image/jpeg', 0.88)
  })
}

/** Pixels of the picture along a side of the square. */
function sideOf({ image, zoom }: Pick<Cropping, 'image' | 'zoom'>): number {
  return Math.min(image.width, image.height) / zoom
}

function within(cropping: Cropping): Cropping {
  const { image, x, y } = cropping
  const halfX = sideOf(cropping) / 2 / image.width
  const halfY = sideOf(cropping) / 2 / image.height
  const between = (value: number, half: number): number => Math.min(1 - half, Math.max(half, value))
  return { ...cropping, x: between(x, halfX), y: between(y, halfY) }
}
