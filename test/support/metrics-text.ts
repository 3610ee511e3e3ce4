/** Values of Lemni's own /metrics, in Prometheus' text format. */
export class MetricsText {
  readonly #lines: readonly string[];

  private constructor(text: string) {
    this.#lines = text.split('\n').filter((line) => !line.startsWith('#'));
  }

  static async read(url: string, headers: Readonly<Record<string, string>> = {}): Promise<MetricsText> {
    const answer = await fetch(`${url}/metrics`, { headers });
    if (!answer.ok) throw new Error(`GET /metrics: ${answer.status} ${await answer.text()}`);
    return new MetricsText(await answer.text());
  }

  /** The sum over all series of this name whose labels have these values; 0 when there is none. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    return this.#lines
      .filter((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
      .filter((line) => wanted.every((pair) => line.includes(pair)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }
}
