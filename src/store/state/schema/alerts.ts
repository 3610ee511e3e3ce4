export interface AlertTables {
  readonly alert_states: never;
}
