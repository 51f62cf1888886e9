import type { ProjectionCommand } from './command.ts'
import type { ProjectionEvent } from './event.ts'
import type { Discards } from './state.ts'

/** What comes of a command: nothing where it was decided so already, for the same reason. None is refused. */
export const decideProjection = (command: ProjectionCommand, { streams }: Discards): readonly ProjectionEvent[] => {
  const { projection, stream, position, reason, by } = command
  const known = streams.get(stream)
  if (known?.position === position && known.reason === reason) return []
  return [{ type: 'ParkedStreamDiscarded', data: { projection, stream, position, reason, by } }]
}
