/** Prints the story as it happens: one line a station, with the time since the beginning. */
export class Terminal {
  readonly #started = Date.now();
  readonly #colours: boolean;
  readonly #stations: { readonly at: number; readonly name: string; readonly detail: string }[] = [];
  readonly #write: (text: string) => void;

  constructor(write: (text: string) => void, colours: boolean) {
    this.#write = write;
    this.#colours = colours;
  }

  get stations(): readonly { readonly at: number; readonly name: string; readonly detail: string }[] {
    return this.#stations;
  }

  line(text = ''): void {
    this.#write(`${text}\n`);
  }

  station(name: string, detail: string): void {
    const at = Date.now() - this.#started;
    this.#stations.push({ at, name, detail });
    this.line(
      `${this.#paint('2', clock(at))}  ${this.#paint('32', '✓')} ${this.#paint('1', name.padEnd(24))} ${detail}`,
    );
  }

  /** What is being waited for. */
  waiting(text: string): void {
    this.line(this.#paint('2', `${clock(Date.now() - this.#started)}  … ${text}`));
  }

  missed(name: string, why: string): void {
    this.line(`${clock(Date.now() - this.#started)}  ${this.#paint('31', '✗')} ${name}: ${why}`);
  }

  /** A message, as a chat shows it. */
  message(text: string): void {
    for (const line of text.split('\n')) this.line(`        ${this.#paint('36', '│')} ${line}`);
  }

  summary(): void {
    this.line();
    for (const { at, name } of this.#stations) this.line(`  ${clock(at)}  ${name}`);
  }

  #paint(code: string, text: string): string {
    return this.#colours ? `\u001b[${code}m${text}\u001b[0m` : text;
  }
}

/** `1:07`, minutes and seconds. */
function clock(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`.padStart(5);
}
