import sharp, { type Sharp } from 'sharp'

/** A made-up picture: shapes and a grain, another one for each seed. */
export function picture(seed: number, { width, height }: { width: number; height: number }): Sharp {
  let state = seed * 2_654_435_761
  const next = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  const pixels = Buffer.alloc(width * height * 3)
  const shapes = Array.from({ length: 12 }, () => ({
    x: next(width),
    y: next(height),
    radius: (Math.min(width, height) / 12) * (1 + next(4)),
    colour: [next(256), next(256), next(256)],
  }))
  const ground = [next(256), next(256), next(256)]
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const shape = shapes.find((each) => (each.x - x) ** 2 + (each.y - y) ** 2 < each.radius ** 2)
      const shade = ((x + y) / (width + height)) * 60 + ((x * 31 + y * 17 + x * y) % 9)
      for (let c = 0; c < 3; c += 1) {
        const colour = (shape?.colour ?? ground)[c] ?? 0
        pixels[(y * width + x) * 3 + c] = Math.min(255, colour * 0.7 + shade)
      }
    }
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
}
