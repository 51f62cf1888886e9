import type { Position } from '../../domain/position.ts'
import { json } from '../../http/json.ts'
import { problemBody } from '../../http/problem-response.ts'
import type { Problem } from '../../http/problem.ts'
import type { Answer } from '../answer.ts'

/** The line for a command that has an answer; the answer's bytes are those that it would have alone. */
export const answerText = (index: number, { kind, status, body, position, replayed }: Answer): string =>
  `{"index":${index},"status":${status},"position":"${position}",${replayed ? '"replayed":true,' : ''}"${
    kind === 'problem' ? 'problem' : 'body'
  }":${body}}\n`

/** The line for a command that was refused, as of a position of the log. */
export const problemText = (index: number, problem: Problem, position: Position, traceId: string): string =>
  `${json({ index, status: problem.status, position, problem: problemBody(problem, traceId) })}\n`
