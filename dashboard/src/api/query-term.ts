/** A term of the log query language: the value is quoted unless it is plain. */
export function term(field: string, value: string): string {
  return `${field}:${/^[\w.-]+$/.test(value) ? value : JSON.stringify(value)}`;
}
