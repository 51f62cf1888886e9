import type { Run } from '../result.ts'
import { type Point, pointsOf } from './points.ts'
import { short, ticks } from './ticks.ts'

// Middle tones for the lines: they stand out on white and on black. Text and grid follow the reader's preference.
const style = `
  text { font: 12px system-ui, sans-serif; fill: #333 }
  .title { font-size: 14px; font-weight: 600 }
  .grid { stroke: #8884; stroke-width: 1 }
  .rate { stroke: #1f86d6 } .errors { stroke: #d6453d } .p50 { stroke: #2f9e6e } .p99 { stroke: #c77d16 }
  polyline { fill: none; stroke-width: 1.5; stroke-linejoin: round }
  @media (prefers-color-scheme: dark) { text { fill: #ddd } }`

const width = 900
const frame = { left: 64, right: 884, height: 150 }
const titleHeight = 40
const panelHeight = frame.height + 52
const runHeight = titleHeight + 2 * panelHeight

type Line = { readonly name: string; readonly className: string; readonly of: (point: Point) => number }
type Panel = { readonly unit: string; readonly lines: readonly Line[] }

const panels: readonly Panel[] = [
  {
    unit: 'transactions/s',
    lines: [
      { name: 'accepted', className: 'rate', of: ({ perSecond }) => perSecond },
      { name: 'errors', className: 'errors', of: ({ errorsPerSecond }) => errorsPerSecond },
    ],
  },
  {
    unit: 'latency, ms',
    lines: [
      { name: 'p50', className: 'p50', of: ({ p50 }) => p50 },
      { name: 'p99', className: 'p99', of: ({ p99 }) => p99 },
    ],
  },
]

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

const at = (value: number): string => value.toFixed(1)

const text = (x: number, y: number, content: string, anchor: 'start' | 'middle' | 'end', className = ''): string =>
  `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}"${className && ` class="${className}"`}>${escaped(content)}</text>`

const line = (x1: number, y1: number, x2: number, y2: number, className: string): string =>
  `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" class="${className}"/>`

const legend = (lines: readonly Line[], y: number): string[] =>
  lines.flatMap(({ name, className }, index) => {
    const x = frame.right - (lines.length - index) * 90
    return [line(x, y - 4, x + 18, y - 4, className), text(x + 24, y, name, 'start')]
  })

const panelOf = ({ unit, lines }: Panel, points: readonly Point[], seconds: number, top: number): string => {
  const bottom = top + frame.height
  const highest = Math.max(...lines.flatMap(({ of }) => points.map(of)))
  const levels = ticks(highest, 4)
  const moments = ticks(seconds, 8)
  const x = (second: number): number => frame.left + ((frame.right - frame.left) * second) / (moments.at(-1) ?? 1)
  const y = (value: number): number => bottom - (frame.height * value) / (levels.at(-1) ?? 1)
  return [
    text(frame.left, top - 8, unit, 'start'),
    ...legend(lines, top - 8),
    ...levels.flatMap((level) => [
      line(frame.left, y(level), frame.right, y(level), 'grid'),
      text(frame.left - 6, y(level) + 4, short(level), 'end'),
    ]),
    ...moments.map((moment) => text(x(moment), bottom + 16, `${moment}${moment === 0 ? ' s' : ''}`, 'middle')),
    ...lines.map(({ className, of }) => {
      const coordinates = points.map((point) => `${at(x(point.second))},${at(y(of(point)))}`)
      return `<polyline class="${className}" points="${coordinates.join(' ')}"/>`
    }),
  ].join('\n')
}

const runOf = (run: Run, top: number): string => {
  const points = pointsOf(run.timeline, 600)
  const title = `${run.name}: ${short(run.perSecond)} transactions/s, p50 ${short(run.latency.p50)} ms, p99 ${short(run.latency.p99)} ms`
  const seconds = run.timeline.at(-1)?.second ?? 0
  return [
    text(frame.left, top + 16, title, 'start', 'title'),
    ...panels.map((panel, index) => panelOf(panel, points, seconds, top + titleHeight + 12 + index * panelHeight)),
  ].join('\n')
}

/** Throughput and latency over time as an SVG document, the runs that have a timeline below each other. */
export const plotSvg = (runs: readonly Run[]): string => {
  const shown = runs.filter(({ timeline }) => timeline.length > 1)
  const height = Math.max(1, shown.length) * runHeight
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="throughput and latency over time">`,
    `<style>${style}\n</style>`,
    ...shown.map((run, index) => runOf(run, index * runHeight)),
    '</svg>\n',
  ].join('\n')
}
