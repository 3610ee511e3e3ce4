import type { FeedbackView } from '../../src/model/feedback.js';

export interface Screenshot {
  readonly contentType: 'image/png' | 'image/jpeg' | 'image/webp';
  readonly bytes: Buffer;
}

/** The state side of feedback. */
export interface FeedbackInbox {
  /** Whether an id was taken before. */
  has(id: string): Promise<boolean>;
  /** Keeps the screenshot; false when there is no room for more of them. Safe to call again. */
  attach(id: string, screenshot: Screenshot, at: number): Promise<boolean>;
  /** Puts it into the inbox, open. Called last: from then on `has` says yes. Safe to call again. */
  open(id: string, at: number): Promise<void>;
}

/** Takes secrets and personal data out of text: ingest/scrub. */
export interface Scrub {
  scrub(text: string): string;
  /** Whether the value under this key must not be kept, whatever it is. */
  secretKey(key: string): boolean;
}

/** Tells the browsers that are watching. */
export interface Live {
  emit(event: 'feedback', payload: FeedbackView): void;
}
