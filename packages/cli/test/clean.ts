import { expect } from 'vitest';
import { widthOf } from '../src/render.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not reach a terminal.
const CONTROLS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

/** Nothing in the text acts on a terminal, and no line is wider than it. */
export const expectClean = (text: string, columns = 80) => {
  for (const line of text.split('\n')) {
    expect(widthOf(line), line).toBeLessThanOrEqual(columns);
    expect(line).not.toMatch(CONTROLS);
  }
};
