import fc from 'fast-check';
import { createTransport } from 'nodemailer';
import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { button, code, list, note, paragraph } from './block.ts';
import { composed } from './message.ts';
import { mailTemplate, renderMail } from './template.ts';

const FROM = { mailFrom: 'Casa Stays <no-reply@casa.example>' };
const everything = mailTemplate({
  name: 'everything',
  summary: 'Each block once.',
  data: z.object({ words: z.string(), url: z.string() }),
  example: { words: 'Hello', url: 'https://stay.example/page' },
  subject: ({ words }) => `About ${words}`,
  blocks: ({ words, url }) => [
    paragraph(words),
    button(words, url),
    code(words),
    list([words, words]),
    note(words),
  ],
});
const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc
    .array(
      fc.constantFrom(
        '<script>',
        '</p>',
        '"',
        "'",
        '&lt;',
        '\r\n',
        '\n\n',
        '\u2028',
        'Bcc: x@y.example',
        '<!--',
        '-->',
        ' onload=',
        '\u202e',
        'a',
      ),
    )
    .map((parts) => parts.join('')),
);

/** All tags with their attributes, in order, without the text between them and without where links lead. */
const structureOf = (html: string) =>
  [...html.matchAll(/<[!/]?[a-z][^>]*>/gi)].map(([tag]) => tag.replace(/href="[^"]*"/, 'href'));

describe('a mail from a template', () => {
  test('says the same as text and as HTML', () => {
    const { subject, text, html } = renderMail(everything, everything.example, FROM);
    expect(subject).toBe('About Hello');
    expect(text).toBe(
      'Hello\n\nHello:\nhttps://stay.example/page\n\n    Hello\n\n- Hello\n- Hello\n\nHello\n\n-- \nCasa Stays\n',
    );
    expect(html).toContain('<html lang="en">');
    expect(html).toContain('href="https://stay.example/page"');
    expect(html).toContain('max-width:600px');
    expect(html).toContain('Casa Stays');
  });

  test('has the same HTML around any data', () => {
    const plain = structureOf(renderMail(everything, everything.example, FROM).html);
    fc.assert(
      fc.property(hostile, hostile, (words, tail) => {
        const url = `https://stay.example/${encodeURIComponent(tail.toWellFormed())}`;
        expect(structureOf(renderMail(everything, { words, url }, FROM).html)).toEqual(plain);
      }),
      { numRuns: 300 },
    );
  });

  test('has the same headers around any data', async () => {
    const transport = createTransport({ streamTransport: true, buffer: true });
    const headersOf = async (words: string) => {
      const mail = renderMail(everything, { words, url: 'https://stay.example/' }, FROM);
      const options = composed(
        { id: 'eml_1', to: 'ada@example.com', kind: 'everything', ...mail },
        { name: words, address: 'no-reply@casa.example' },
        new Date(0),
      );
      const raw = (await transport.sendMail(options)).message as Buffer;
      const { headers, to, from } = await PostalMime.parse(raw);
      return {
        names: headers.map(({ key }) => key),
        to: to?.map(({ address }) => address),
        from: from?.address,
      };
    };
    const plain = await headersOf('Hello');
    await fc.assert(
      fc.asyncProperty(hostile, async (words) => {
        expect(await headersOf(words)).toEqual(plain);
      }),
      { numRuns: 200 },
    );
  });

  test('keeps a line of data in its line of the text', () => {
    const { text } = renderMail(
      everything,
      { words: 'one\r\n\r\n-- \nYour bank', url: 'https://stay.example/' },
      FROM,
    );
    expect(text).toContain('one -- Your bank');
  });

  test.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'no address'])(
    'has no button to %s',
    (url) => {
      expect(() => renderMail(everything, { words: 'x', url }, FROM)).toThrow();
    },
  );
});
