import { readdirSync, readFileSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { fileWith, readFileRecords, temporaryFolder } from '../../../test/read-records.ts';
import { openInput } from './input.ts';

const CSV = 'id,name\n1,Café 西雅图\n';
const signal = new AbortController().signal;

describe('what a file is made of', () => {
  it.each([
    ['UTF-8', Buffer.from(CSV)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${CSV}`)],
    ['UTF-16 little-endian', Buffer.from(`\ufeff${CSV}`, 'utf16le')],
    ['UTF-16 big-endian', Buffer.from(`\ufeff${CSV}`, 'utf16le').swap16()],
    ['gzip, whatever its name', gzipSync(CSV)],
    ['several gzip members', Buffer.concat([gzipSync(CSV.slice(0, 8)), gzipSync(CSV.slice(8))])],
  ])('reads %s', async (_, content) => {
    const { columns, records } = await readFileRecords(fileWith(content));
    expect(columns).toEqual(['id', 'name']);
    expect(records.map(({ cells }) => cells)).toEqual([['1', 'Café 西雅图']]);
  });

  it.each([
    ['a workbook', Buffer.from('PK\u0003\u0004 and so on'), 'Excel workbook'],
    ['UTF-16 without a mark', Buffer.from(CSV, 'utf16le'), 'UTF-16'],
    ['a header in another encoding', Buffer.from('id,Stra\xdfe\n1,x\n', 'latin1'), 'not UTF-8'],
    ['gzip that ends early', gzipSync(CSV.repeat(100)).subarray(0, 40), 'damaged'],
    ['nothing', Buffer.alloc(0), 'is empty'],
  ])('says what is wrong with %s', async (_, content, message) => {
    await expect(readFileRecords(fileWith(content))).rejects.toThrow(message);
  });

  it.each([
    ['a missing file', '/nowhere/units.csv', 'There is no file'],
    ['a folder', temporaryFolder(), 'is a folder'],
  ])('says so of %s', async (_, file, message) => {
    await expect(readFileRecords(file)).rejects.toMatchObject({
      message: expect.stringContaining(message),
      exitCode: 2,
    });
  });
});

describe('openInput', () => {
  it('knows two files of the same content as one, and names reports after them', async () => {
    const open = (file: string) =>
      openInput({ file, stdin: Readable.from([]), stateDir: temporaryFolder(), signal });
    const one = await open(fileWith(CSV, 'units.csv'));
    const two = await open(fileWith(CSV, 'units.csv.gz'));
    expect(one.hash).toBe(two.hash);
    expect([one.name, two.name]).toEqual(['units', 'units']);
    expect((await open(fileWith(`${CSV}2,x\n`))).hash).not.toBe(one.hash);
  });

  it('keeps what comes through a pipe where only its user can read it, and removes it', async () => {
    const stateDir = temporaryFolder();
    const input = await openInput({ file: '-', stdin: Readable.from([Buffer.from(CSV)]), stateDir, signal });
    expect(readFileSync(input.path, 'utf8')).toBe(CSV);
    expect(statSync(input.path).mode & 0o077).toBe(0);
    expect(input.label).toBe('stdin');
    await input[Symbol.asyncDispose]();
    expect(readdirSync(stateDir)).toEqual([]);
  });
});
