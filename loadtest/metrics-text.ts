/** One figure of a process, as its metrics port tells it. */
export type Sample = {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Reads Prometheus' text format; comments are left out. */
export const samplesIn = (text: string): readonly Sample[] =>
  text.split('\n').flatMap((line) => {
    const found = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/.exec(line)
    if (found === null) return []
    const [, name = '', labels = '', value = ''] = found
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', told = '']) => [label, told])
    return [{ name, labels: Object.fromEntries(pairs) as Record<string, string>, value: Number(value) }]
  })

/** The figures of several processes together. Throws where one does not answer. */
export const samplesOf = async (urls: readonly string[]): Promise<readonly Sample[]> => {
  const texts = await Promise.all(urls.map(async (url) => (await fetch(url)).text()))
  return texts.flatMap(samplesIn)
}

/** The sum of the figures of this name whose labels fit. */
export const sumOf = (
  samples: readonly Sample[],
  name: string,
  fits: (labels: Sample['labels']) => boolean = () => true,
): number =>
  samples.filter((sample) => sample.name === name && fits(sample.labels)).reduce((sum, { value }) => sum + value, 0)
