import { ListingInput, publishingGaps } from '@sojourn/shared/listing';
import { foresee } from './compare.ts';
import type { Format, MappedRow } from './formats/format.ts';
import type { Ledger } from './ledger.ts';
import type { ImportOptions, RowProblem } from './model.ts';
import { duplicateId, missingId, presentable, problemsOf } from './problems.ts';
import type { OpenSource } from './source/open.ts';
import type { SourceRecord } from './source/record.ts';
import { countWarnings } from './warnings.ts';

/** Far less than the server takes in one body: what is under way has to fit into memory several times. */
const MAX_BATCH_BYTES = 1024 * 1024;
/** Rows from the first of a batch to the last, rejected ones between them included. */
const MAX_BATCH_SPAN = 10_000;
const ROWS_PER_REPORT = 2_000;

const STRAY_QUOTE = 'A quotation mark stands inside a cell without being doubled: taken as text.';

interface Checking {
  source: OpenSource;
  format: Format;
  ledger: Ledger;
  options: Pick<ImportOptions, 'batchSize' | 'limit' | 'publish' | 'signal' | 'existing'>;
  /** Without sending, what the server would do is foreseen as far as possible. */
  willSend: boolean;
  onRows: (rows: number, rejected: number) => void;
}

/**
 * Reads the whole file once before anything is sent: every row is turned into a listing and held against the schema of
 * the server. Leaves in the ledger which rows are rejected and in which batches the others go.
 */
export async function checkRows({
  source,
  format,
  ledger,
  options,
  willSend,
  onRows,
}: Checking): Promise<void> {
  const warnings = countWarnings();
  const plan = planBatches(ledger, options.batchSize);
  const foreseen = { created: 0, updated: 0, unchanged: 0 };
  let rows = 0;
  let rejected = 0;

  const reject = (record: SourceRecord, problems: RowProblem[], externalId: unknown) => {
    rejected += 1;
    ledger.keep({
      row: record.row,
      line: record.line,
      externalId: typeof externalId === 'string' ? externalId.slice(0, 200) : null,
      outcome: 'rejected',
      problems: problems.map(presentable),
      original: record.cells ?? record.text ?? '',
    });
  };
  const check = (record: SourceRecord) => {
    if (record.strayQuote) warnings.add('stray_quote', STRAY_QUOTE, record.line, null);
    if (record.problem) return reject(record, [record.problem], null);
    const mapped = format.read(record);
    const { problems, listing, id } = checkRow(mapped, format, record, ledger);
    if (!listing) return reject(record, problems, mapped.draft.externalId);
    for (const { kind, value } of mapped.warnings)
      warnings.add(kind, format.messages[kind] ?? kind, record.line, value);
    plan.add(record.row, mapped);
    if (willSend) return;
    if (options.existing) foreseen[foresee(ledger, id, listing)] += 1;
    if (!options.publish) return;
    for (const { pointer, message } of publishingGaps(listing, { requirePhotos: false }))
      warnings.add(`stays_draft${pointer}`, `Would stay a draft. ${message}`, record.line, null);
  };

  // One transaction for all of it: a check that does not reach its end leaves nothing behind.
  ledger.begin();
  onRows(0, 0);
  for (const { kind, message } of format.notes) warnings.add(kind, message, 0, null);
  reading: for await (const part of source.rows) {
    for (const record of part) {
      options.signal.throwIfAborted();
      rows += 1;
      check(record);
      if (rows % ROWS_PER_REPORT === 0) onRows(rows, rejected);
      if (rows === options.limit) break reading;
    }
  }
  plan.end();
  for (const warning of warnings.all()) ledger.warn(warning);
  ledger.setFact('rows', String(rows));
  ledger.setFact('rejected', String(rejected));
  if (options.existing && !willSend) ledger.setFact('foreseen', JSON.stringify(foreseen));
  ledger.commit();
  onRows(rows, rejected);
}

type Checked =
  | { problems: RowProblem[]; listing?: undefined; id?: undefined }
  | { problems: []; listing: ListingInput; id: string };

function checkRow(mapped: MappedRow, format: Format, record: SourceRecord, ledger: Ledger): Checked {
  const problems = [...mapped.problems];
  const parsed = ListingInput.safeParse(mapped.draft);
  if (!parsed.success) {
    // A column that could not be read at all has been complained about already.
    const said = new Set(problems.map(({ column }) => column));
    problems.push(
      ...problemsOf(parsed.error.issues, format, record).filter(({ column }) => !said.has(column)),
    );
    return { problems };
  }
  const idColumn = format.columnOf(['externalId']);
  const id = parsed.data.externalId ?? mapped.listingId;
  if (!id) problems.push(missingId(idColumn));
  if (!id || problems.length > 0) return { problems };
  const firstLine = ledger.claimId(id, record.line);
  if (firstLine !== undefined) return { problems: [duplicateId(idColumn, id, firstLine)] };
  return { problems: [], listing: parsed.data, id };
}

/** Gathers good rows into batches of bounded number and size. */
function planBatches(ledger: Ledger, batchSize: number) {
  let open: { firstRow: number; lastRow: number; size: number; bytes: number } | undefined;
  const end = () => {
    if (open) ledger.plan(open);
    open = undefined;
  };
  return {
    end,
    add(row: number, { draft }: MappedRow) {
      const bytes = Buffer.byteLength(JSON.stringify(draft)) + 1;
      const full =
        open &&
        (open.size >= batchSize ||
          open.bytes + bytes > MAX_BATCH_BYTES ||
          row - open.firstRow >= MAX_BATCH_SPAN);
      if (full) end();
      open ??= { firstRow: row, lastRow: row, size: 0, bytes: 0 };
      open.lastRow = row;
      open.size += 1;
      open.bytes += bytes;
    },
  };
}
