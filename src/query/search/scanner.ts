import { BadInput } from '../../lib/errors.js';

/** A character of a raw word, and whether a backslash took its special meaning away. */
export interface RawChar {
  readonly char: string;
  readonly escaped: boolean;
}

export function refuse(message: string, at: number): BadInput {
  return new BadInput('bad_request', message, { at: String(at) });
}

/** Walks over the text of a query. The parser says what may come; this knows words, quotes and regexes. */
export class Scanner {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  isDone(): boolean {
    return this.at >= this.text.length;
  }

  peek(offset = 0): string {
    return this.text.charAt(this.at + offset);
  }

  startsWith(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  skipSpace(): void {
    while (!this.isDone() && isSpace(this.peek())) this.at++;
  }

  /** `AND`, `OR`, `NOT`, `TO` as words of their own; upper case only, so that "and" can be searched for. */
  keyword(word: string): boolean {
    if (!this.startsWith(word) || !endsWord(this.peek(word.length))) return false;
    this.at += word.length;
    return true;
  }

  /** The text in double quotes; `\"` and `\\` are escapes, any other backslash is itself. */
  quoted(): string {
    const start = this.at++;
    let value = '';
    while (!this.isDone()) {
      const char = this.peek();
      const next = this.peek(1);
      if (char === '"') {
        this.at++;
        return value;
      }
      const escape = char === '\\' && (next === '"' || next === '\\');
      value += escape ? next : char;
      this.at += escape ? 2 : 1;
    }
    throw refuse('The closing quote (") is missing for the one here.', start);
  }

  /**
   * The source of `/.../` if one starts here: its closing slash is the next one that is not escaped, and a
   * space, `)` or the end follows it. Otherwise undefined, and nothing is read: `/api/pay` is a word.
   */
  regex(): string | undefined {
    for (let i = this.at + 1; i < this.text.length; i++) {
      const char = this.text.charAt(i);
      if (char === '\\') i++;
      else if (char === '/') {
        if (i === this.at + 1 || !endsWord(this.text.charAt(i + 1))) return undefined;
        const source = this.text.slice(this.at + 1, i).replaceAll('\\/', '/');
        this.at = i + 1;
        return source;
      }
    }
    return undefined;
  }

  /** Characters up to a space, a bracket, a quote, or where `stop` says so; a backslash escapes the next one. */
  raw(stop: (at: number) => boolean = () => false): RawChar[] {
    const chars: RawChar[] = [];
    while (!this.isDone() && !endsRaw(this.peek()) && !stop(this.at)) {
      const escaped = this.peek() === '\\' && this.at + 1 < this.text.length;
      if (escaped) this.at++;
      chars.push({ char: this.peek(), escaped });
      this.at++;
    }
    return chars;
  }
}

function isSpace(char: string): boolean {
  return /\s/.test(char);
}

function endsWord(char: string): boolean {
  return char === '' || char === '(' || char === ')' || isSpace(char);
}

function endsRaw(char: string): boolean {
  return char === '"' || endsWord(char);
}

export function textOf(chars: readonly RawChar[]): string {
  return chars.map(({ char }) => char).join('');
}
