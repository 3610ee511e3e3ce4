export interface AccountTables {
  readonly users: never;
}
