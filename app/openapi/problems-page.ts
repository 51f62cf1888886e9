import { problems } from './problems.ts'

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
const withCode = (text: string): string => escaped(text).replaceAll(/`([^`]*)`/g, '<code>$1</code>')

const row = ([code, { status, means }]: readonly [
  string,
  { readonly status: number; readonly means: string },
]): string =>
  `<tr id="${code}"><th scope="row"><code>${code}</code></th><td>${status}</td><td>${withCode(means)}</td></tr>`

/** What the `type` of a problem leads to: every code, and what it means. `assets`: where the style sheet is. */
export const problemsPage = (assets: string): string => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Daybook: problems</title>
    <link rel="icon" type="image/png" href="${assets}/favicon-32x32.png">
    <link rel="stylesheet" href="${assets}/daybook.css">
  </head>
  <body class="text">
    <h1>Problems</h1>
    <p>Whatever is refused or goes wrong is answered as <code>application/problem+json</code> with one of these codes.
    They are stable. A refusal is not remembered: the same command under the same key is judged anew.
    <a href="/docs">All operations</a></p>
    <table>
      <thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Means</th></tr></thead>
      <tbody>
${Object.entries(problems).map(row).join('\n')}
      </tbody>
    </table>
  </body>
</html>
`
