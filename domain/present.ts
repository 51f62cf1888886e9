type Present<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>
}

/** The given fields without those that are undefined: what is optional is absent in states, events and resources. */
export const present = <T extends object>(fields: T): Present<T> => {
  const kept: { [K in keyof T]?: T[K] } = {}
  // A third of what going through `Object.entries` costs, several times in each command.
  for (const name in fields) if (fields[name] !== undefined) kept[name] = fields[name]
  return kept as unknown as Present<T>
}
