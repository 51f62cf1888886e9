/** Numbers as PostgreSQL reads an array of them: the client would quote each, which takes longer than to write the rows. */
export const numberArray = (numbers: readonly (number | bigint)[]): string => `{${numbers.join(',')}}`
