import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOSTILE } from '../test/listings.ts';
import { forTerminal, oneLine, safeJson, withoutControls } from './controls.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the very characters that must not get through.
const DANGEROUS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '\u001b',
        '[',
        ']',
        '31m',
        '0;t',
        '\u0007',
        '\u009b',
        '\u009d',
        '\u202e',
        'a',
        ' ',
        '\n',
        '\r',
      ),
    )
    .map((parts) => parts.join('')),
);

describe('text on its way to a terminal', () => {
  it('loses its escape sequences whole, and keeps its words', () => {
    expect(oneLine(HOSTILE)).toBe('Evilred title gnp.exe iso tab here new line end');
  });

  it('keeps emoji that are joined, and line feeds and tabs of a paragraph', () => {
    expect(withoutControls('👩‍👩‍👧‍👦\n\tcafe\u0301')).toBe('👩‍👩‍👧‍👦\n\tcafe\u0301');
  });

  it('never holds a control character, whatever it was', () => {
    fc.assert(fc.property(anyText, (text) => !DANGEROUS.test(withoutControls(text))));
    fc.assert(
      fc.property(anyText, (text) => !/[\n\t]/.test(oneLine(text)) && !DANGEROUS.test(oneLine(text))),
    );
    fc.assert(fc.property(anyText, (text) => !DANGEROUS.test(forTerminal(text, false))));
  });

  it('lets colours through where they are wanted, and nothing else', () => {
    expect(forTerminal('\u001b[31mred\u001b[39m \u001b[2J\u001b]0;x\u0007', true)).toBe(
      '\u001b[31mred\u001b[39m ',
    );
    fc.assert(
      fc.property(
        anyText,
        // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one.
        (text) => !DANGEROUS.test(forTerminal(text, true).replace(/\u001b\[[\d;]*m/g, '')),
      ),
    );
  });
});

describe('JSON on its way to a terminal', () => {
  it('is the same value, without one dangerous character', () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), anyText), (value) => {
        for (const text of [safeJson(value), safeJson(value, 2)]) {
          expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(value));
          expect(text).not.toMatch(DANGEROUS);
        }
      }),
    );
  });
});
